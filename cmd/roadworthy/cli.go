package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// version is stamped by the linker; see the Makefile.
var version = ""

// app is the outside world as the commands see it.
type app struct {
	args   []string
	env    []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// Main runs the command line and gives the exit code. It touches nothing of the
// process but the working folder and the interrupt signal.
func Main(args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{args: args, env: env, stdin: stdin, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitFine
	}
	var exit *exitError
	if !errors.As(err, &exit) || exit.err != nil {
		fmt.Fprintln(stderr, "roadworthy: "+err.Error())
	}
	return codeOf(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "roadworthy",
		Short: "Makes an API contract executable: mock it, judge implementations by it, catch its drift",
		Long: `Roadworthy makes an API contract executable.

CONTRACT is the name of a built-in contract (roadworthy contract list), a folder
with a contract.yaml, or a bare OpenAPI 3.0 or 3.1 document.

Exit codes: 0 fine · 1 deviations, breaking changes or findings · 2 usage,
configuration or contract error, nothing was run · 3 inconclusive: target
unreachable or nothing that counts was run · 130 interrupted.

Every flag can also be set by an environment variable (ROADWORTHY_REPORT_DIR for
--report-dir) or in a roadworthy.yaml in the working folder; the flag wins over
the variable, the variable over the file.`,
		Example: `  roadworthy mock
  roadworthy test otms --target http://127.0.0.1:8080`,
		Version:           versionText(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: a.bindSettings,
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetVersionTemplate("roadworthy {{.Version}}\n")
	root.SetFlagErrorFunc(a.explainFlagError)
	root.AddCommand(a.commands()...)
	return root
}

// commands lists every command, in the order of the help page.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.mockCommand(),
		a.testCommand(),
		a.certifyCommand(),
		a.verifyCommand(),
		a.lintCommand(),
		a.driftCommand(),
		a.validateCommand(),
		a.proxyCommand(),
		a.checkCommand(),
		a.contractCommand(),
		a.reportCommand(),
		a.selftestCommand(),
		a.selfcheckCommand(),
		a.healthCommand(),
		a.manCommand(),
	}
}

func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development build"
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usageError("unknown command %q%s\nThe commands are %s. See roadworthy --help.", name, didYouMean(name, names), strings.Join(names, ", "))
}

// explainFlagError adds the nearest flag to "unknown flag", and what is expected to a
// value that cannot be read. A flag that only a misspelt command would know is not the
// reader's mistake.
func (a *app) explainFlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &invalid):
		if expected := expectedValue(invalid.GetFlag()); expected != "" {
			return usageError("--%s %q: expected %s\nSee %s --help.", invalid.GetFlag().Name, invalid.GetValue(), expected, cmd.CommandPath())
		}
	case errors.As(err, &unknown):
		if !cmd.HasParent() {
			for _, arg := range a.args {
				if !strings.HasPrefix(arg, "-") {
					return unknownCommand(cmd, arg)
				}
			}
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		hint := didYouMean(name, names)
		if hint != "" {
			hint = strings.Replace(hint, `"`, `"--`, 1)
		}
		return usageError("%w%s\nSee %s --help.", err, hint, cmd.CommandPath())
	}
	return usageError("%w\nSee %s --help.", err, cmd.CommandPath())
}

// expectedValue says what a flag takes, for the types whose own messages speak of the
// program; "" for others.
func expectedValue(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "duration":
		return "a time with its unit, such as 10s or 500ms"
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return ""
}

// didYouMean gives ` (did you mean "x"?)` for the nearest name, or "".
func didYouMean(given string, names []string) string {
	best, distance := "", len(given)/2+1
	for _, name := range names {
		if d := editDistance(given, name); d < distance || d == distance && best == "" && strings.HasPrefix(name, given) {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// editDistance is the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := slices.Clone(row)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(previous[j]+1, row[j-1]+1, previous[j-1]+cost)
		}
	}
	return row[len(b)]
}
