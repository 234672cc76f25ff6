package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Problem is one thing that is wrong with a scenario file.
type Problem = yamlfile.Problem

// LoadError holds every problem of the scenarios of one contract.
type LoadError struct {
	Problems []Problem
}

func (e *LoadError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, fmt.Sprintf("%d problem(s) in the scenarios:", len(e.Problems)))
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

type problems []Problem

func (ps *problems) add(file string, line, col int, what, hint string) {
	*ps = append(*ps, Problem{File: file, Line: line, Col: col, What: what, Hint: hint})
}

func (ps problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return &LoadError{Problems: yamlfile.Sort(ps)}
}

// nearest gives a hint with the candidate that was probably meant, or the list.
func nearest(word string, candidates []string) string {
	if hint := yamlfile.DidYouMean(word, candidates); hint != "" && word != "" {
		return hint
	}
	if len(candidates) == 0 {
		return ""
	}
	if len(candidates) > 20 {
		return "such as " + strings.Join(slices.Sorted(slices.Values(candidates))[:3], ", ")
	}
	return "one of " + strings.Join(slices.Sorted(slices.Values(candidates)), ", ")
}

func itoa(n int) string { return strconv.Itoa(n) }
