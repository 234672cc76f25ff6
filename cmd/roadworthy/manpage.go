package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manualPage writes the page of a command in the man macros of roff. It carries no
// date: the same source gives the same page.
func manualPage(w *bytes.Buffer, cmd *cobra.Command) {
	cmd.InitDefaultHelpFlag()
	fmt.Fprintf(w, ".TH %s 1 \"\" %s Roadworthy\n", quoted(strings.ToUpper(manualName(cmd))), quoted("Roadworthy "+versionText()))
	fmt.Fprintf(w, ".nh\n.ad l\n.SH NAME\n%s \\- %s\n", roff(manualName(cmd)), roff(cmd.Short))
	fmt.Fprintf(w, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	w.WriteString(".SH DESCRIPTION\n")
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	paragraphs(w, about)
	manualCommands(w, cmd)
	manualFlags(w, "OPTIONS", cmd.NonInheritedFlags())
	manualFlags(w, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(w, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(strings.Trim(cmd.Example, "\n")))
	}
	manualSeeAlso(w, cmd)
}

func manualName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// paragraphs keeps the lines of what is indented, and fills the rest.
func paragraphs(w *bytes.Buffer, text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			w.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t") {
			fmt.Fprintf(w, ".nf\n%s\n.fi\n", roff(paragraph))
			continue
		}
		w.WriteString(roff(strings.TrimSpace(paragraph)) + "\n")
	}
}

func manualCommands(w *bytes.Buffer, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	w.WriteString(".SH COMMANDS\n")
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(c.Name()), roff(c.Short))
		}
	}
}

func manualFlags(w *bytes.Buffer, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(w, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		name := "\\fB" + roff("--"+f.Name) + "\\fP"
		if f.Shorthand != "" && f.ShorthandDeprecated == "" {
			name = "\\fB" + roff("-"+f.Shorthand) + "\\fP, " + name
		}
		kind, about := pflag.UnquoteUsage(f)
		if kind != "" {
			name += " \\fI" + roff(kind) + "\\fP"
		}
		if !plainDefault(f.DefValue) {
			about += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, ".TP\n%s\n%s\n", name, roff(about))
	})
}

// plainDefault tells the defaults that say nothing.
func plainDefault(value string) bool {
	switch value {
	case "", "false", "0", "0s", "[]":
		return true
	}
	return false
}

func manualSeeAlso(w *bytes.Buffer, cmd *cobra.Command) {
	var names []string
	if cmd.HasParent() {
		names = append(names, manualName(cmd.Parent()))
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, manualName(c))
		}
	}
	for i, name := range names {
		if i == 0 {
			w.WriteString(".SH SEE ALSO\n")
		}
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		fmt.Fprintf(w, ".BR %s (1)%s\n", roff(name), comma)
	}
}

// roff writes text so that nothing in it is a request or an escape, in ASCII.
func roff(text string) string {
	var b strings.Builder
	start := true // of a line
	for _, r := range text {
		switch {
		case start && r == '.':
			b.WriteString(`\&.`)
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r == '\'':
			b.WriteString(`\[aq]`)
		case r >= 0x80:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
		start = r == '\n'
	}
	return b.String()
}

// quoted is for the arguments of a request.
func quoted(text string) string {
	return `"` + strings.ReplaceAll(roff(text), `"`, `\[dq]`) + `"`
}
