package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// settingsFile is read from the working folder.
const settingsFile = "roadworthy.yaml"

// bindSettings fills every flag that was not given on the command line from
// ROADWORTHY_<FLAG>, then from roadworthy.yaml. An empty variable counts as unset.
func (a *app) bindSettings(cmd *cobra.Command, _ []string) error {
	file, err := readSettings(cmd)
	if err != nil {
		return failWith(exitUsage, err)
	}
	var problems []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || f.Name == "version" {
			return
		}
		if value, name, ok := a.fromEnvironment(f.Name); ok {
			if err := cmd.Flags().Set(f.Name, value); err != nil {
				problems = append(problems, fmt.Errorf("%s=%q: %w", name, value, plainly(f, err)))
			}
			return
		}
		setting, ok := file[f.Name]
		if !ok {
			return
		}
		for _, value := range setting.values {
			if err := cmd.Flags().Set(f.Name, value); err != nil {
				problems = append(problems, fmt.Errorf("%s: %s %q: %w", setting.at, f.Name, value, plainly(f, err)))
			}
		}
	})
	if err := errors.Join(problems...); err != nil {
		return failWith(exitUsage, err)
	}
	return nil
}

// plainly says what a flag takes instead of how it was read.
func plainly(f *pflag.Flag, err error) error {
	if expected := expectedValue(f); expected != "" {
		return errors.New("expected " + expected)
	}
	return err
}

func (a *app) fromEnvironment(flag string) (value, name string, ok bool) {
	name = environmentName(flag)
	for i := len(a.env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(a.env[i], name+"="); ok {
			return value, name, value != ""
		}
	}
	return "", name, false
}

// environmentName gives the variable of a flag: ROADWORTHY_REPORT_DIR.
func environmentName(flag string) string {
	return "ROADWORTHY_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

type setting struct {
	values []string
	at     string // roadworthy.yaml:2:13
}

// readSettings reads roadworthy.yaml: a mapping of flag names to values, with an
// optional section per command (test: {target: …}) that wins over the rest.
func readSettings(cmd *cobra.Command) (map[string]setting, error) {
	source, err := os.ReadFile(settingsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", settingsFile, err)
	}
	node, problems := yamlfile.Parse(settingsFile, source)
	if node == nil {
		return nil, yamlfile.Errors(problems)
	}
	r := settingsReader{cmd: cmd, found: map[string]setting{}, problems: problems}
	r.flags, r.commands = knownSettings(cmd.Root())
	section := r.read(node, cmd.Root())
	if inside := section[cmd.Name()]; inside != nil {
		r.read(inside, cmd)
	}
	return r.found, yamlfile.Errors(r.problems)
}

// settingsReader reads the top level and a section, and keeps every problem.
type settingsReader struct {
	cmd      *cobra.Command
	flags    map[string]bool
	commands map[string]bool
	found    map[string]setting
	problems []yamlfile.Problem
}

func (r *settingsReader) fail(n *yaml.Node, hint, format string, args ...any) {
	r.problems = append(r.problems, yamlfile.Problem{File: settingsFile, Line: n.Line, Col: n.Column, What: fmt.Sprintf(format, args...), Hint: hint})
}

// read keeps the settings of one mapping, and gives the sections in it.
func (r *settingsReader) read(n *yaml.Node, of *cobra.Command) (sections map[string]*yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "such as parallel: 2", "expected a mapping of flag names to values")
		return nil
	}
	sections = map[string]*yaml.Node{}
	first := map[string]int{}
	for _, p := range yamlfile.Pairs(n) {
		name := p.Key.Value
		line, twice := first[name]
		first[name] = p.Key.Line
		switch {
		case twice:
			r.fail(p.Key, fmt.Sprintf("the first is in line %d; keep one of them", line), "setting %q is given twice", name)
		case !of.HasParent() && r.commands[name] && (!r.flags[name] || p.Value.Kind == yaml.MappingNode):
			if p.Value.Kind != yaml.MappingNode {
				r.fail(p.Value, "such as "+name+": {parallel: 2}", "%s is a command: expected a mapping of its flags, found %q", name, p.Value.Value)
				continue
			}
			sections[name] = p.Value
		case !r.flags[name]:
			r.fail(p.Key, strings.Trim(didYouMean(name, slices.Sorted(maps.Keys(r.flags))), " ()"), "unknown setting %q", name)
		default:
			r.setting(p)
		}
	}
	return sections
}

func (r *settingsReader) setting(p yamlfile.Pair) {
	name := p.Key.Value
	s := setting{at: fmt.Sprintf("%s:%d:%d", settingsFile, p.Value.Line, p.Value.Column)}
	many := true // what another command makes of it is its affair
	if own := r.cmd.Flags().Lookup(name); own != nil {
		_, many = own.Value.(pflag.SliceValue)
	}
	switch {
	case p.Value.Kind == yaml.ScalarNode:
		s.values = []string{p.Value.Value}
	case p.Value.Kind == yaml.SequenceNode && many:
		for _, item := range p.Value.Content {
			if item = yamlfile.Resolve(item); item.Kind != yaml.ScalarNode {
				r.fail(item, "", "%s: expected a value in the list", name)
				continue
			}
			s.values = append(s.values, item.Value)
		}
	case many:
		r.fail(p.Value, "such as [a, b]", "%s must be a value or a list of values", name)
		return
	default:
		r.fail(p.Value, "", "%s must be one value", name)
		return
	}
	r.found[name] = s
}

// knownSettings lists the flags of all commands and the commands themselves.
func knownSettings(root *cobra.Command) (flags, commands map[string]bool) {
	flags, commands = map[string]bool{}, map[string]bool{}
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		if c.HasParent() {
			commands[c.Name()] = true
		}
		c.Flags().VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(root)
	return flags, commands
}
