package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
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
			header := &doc.GenManHeader{Title: "ROADWORTHY", Section: "1", Source: "Roadworthy " + versionText(), Manual: "Roadworthy"}
			if err := doc.GenManTree(cmd.Root(), header, args[0]); err != nil {
				return failWith(exitUsage, err)
			}
			return nil
		},
	}
}
