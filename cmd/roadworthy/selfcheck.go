package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// selfcheckCommand proves that the binary at hand, however it was linked, survives
// every known danger of XML bodies. Releases and images run it after they are built.
func (a *app) selfcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "selfcheck",
		Short:   "Prove that this binary survives the known dangers of XML bodies",
		Example: `  roadworthy selfcheck`,
		Args:    exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			failures := xmlsafe.SelfCheck()
			for _, failure := range failures {
				fmt.Fprintln(a.stdout, failure)
			}
			if len(failures) > 0 {
				return failWith(exitDeviations, fmt.Errorf("%d of the dangers are not held off by this binary; do not ship it", len(failures)))
			}
			fmt.Fprintln(a.stdout, "every known danger of XML bodies is held off")
			return nil
		},
	}
}
