package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
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
				problems = append(problems, fmt.Errorf("%s:%d: %s %q: %w", settingsFile, setting.line, f.Name, value, plainly(f, err)))
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
	line   int
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
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, fmt.Errorf("%s: %s", settingsFile, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	known, commands := knownSettings(cmd.Root())
	found := map[string]setting{}
	var problems []error
	var read func(section *yaml.Node, inside string)
	read = func(section *yaml.Node, inside string) {
		if section.Kind != yaml.MappingNode {
			problems = append(problems, fmt.Errorf("%s:%d: expected a mapping of flag names to values", settingsFile, section.Line))
			return
		}
		for i := 0; i+1 < len(section.Content); i += 2 {
			key, value := section.Content[i], section.Content[i+1]
			if inside == "" && commands[key.Value] && value.Kind == yaml.MappingNode {
				if key.Value == cmd.Name() {
					defer read(value, key.Value)
				}
				continue
			}
			if !known[key.Value] {
				names := make([]string, 0, len(known))
				for name := range known {
					names = append(names, name)
				}
				sort.Strings(names)
				problems = append(problems, fmt.Errorf("%s:%d: unknown setting %q%s", settingsFile, key.Line, key.Value, didYouMean(key.Value, names)))
				continue
			}
			s := setting{line: value.Line}
			switch value.Kind {
			case yaml.ScalarNode:
				s.values = []string{value.Value}
			case yaml.SequenceNode:
				for _, item := range value.Content {
					s.values = append(s.values, item.Value)
				}
			default:
				problems = append(problems, fmt.Errorf("%s:%d: %s must be a value or a list of values", settingsFile, value.Line, key.Value))
				continue
			}
			found[key.Value] = s
		}
	}
	read(doc.Content[0], "")
	return found, errors.Join(problems...)
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
