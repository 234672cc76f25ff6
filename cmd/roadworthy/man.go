package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages into a folder",
		Example: `  roadworthy man /usr/local/share/man/man1`,
		Args:    exactly(1, "a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return failWith(exitUsage, err)
			}
			root := cmd.Root()
			root.InitDefaultCompletionCmd() // else only running a command adds it
			for _, c := range documented(root) {
				var page bytes.Buffer
				manualPage(&page, c)
				if err := os.WriteFile(filepath.Join(args[0], manualName(c)+".1"), page.Bytes(), 0o644); err != nil {
					return failWith(exitUsage, err)
				}
			}
			return nil
		},
	}
}

// documented lists a command and all below it that have a page.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, documented(c)...)
		}
	}
	return all
}
