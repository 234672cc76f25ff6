package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Limits of one file. They are far above what people write.
const (
	MaxSize  = 32 << 20
	maxDepth = 200
	maxNodes = 2_000_000 // after aliases are expanded
)

// Parse reads a file that holds one YAML document. The node is nil when the file
// is empty or broken.
func Parse(file string, src []byte) (*yaml.Node, []Problem) {
	all, problems := ParseAll(file, src)
	if len(all) > 1 {
		problems = append(problems, Problem{File: file, Line: all[1].Line, Col: all[1].Column,
			What: "a second YAML document begins here, and the file may hold only one", Hint: "remove the line ---"})
	}
	if len(all) == 0 {
		return nil, problems
	}
	return all[0], problems
}

// ParseAll reads every document of a file; empty ones are left out. Each node is
// the content of its document.
func ParseAll(file string, src []byte) (all []*yaml.Node, problems []Problem) {
	if len(src) > MaxSize {
		return nil, []Problem{{File: file, What: fmt.Sprintf("the file has %d bytes, more than the %d that are read", len(src), MaxSize)}}
	}
	// The YAML reader has panicked on broken input before; a file must never
	// take the process with it.
	defer func() {
		if r := recover(); r != nil {
			problems = append(problems, Problem{File: file, What: fmt.Sprintf("not readable as YAML: %v", r)})
		}
	}()
	if all, ok := parsePlain(string(src)); ok {
		return all, nil
	}
	return parseFull(file, src, problems)
}

// ParseCommented reads a file that holds one document and keeps its comments.
func ParseCommented(file string, src []byte) (*yaml.Node, []Problem) {
	all, problems := parseFull(file, src, nil)
	if len(all) != 1 {
		return nil, problems
	}
	return all[0], problems
}

// parseFull reads all of YAML.
func parseFull(file string, src []byte, problems []Problem) (all []*yaml.Node, _ []Problem) {
	d := yaml.NewDecoder(bytes.NewReader(src))
	for {
		var doc yaml.Node
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all, problems
		}
		if err != nil {
			return all, append(problems, syntaxProblem(file, string(src), err))
		}
		if len(doc.Content) == 0 {
			continue
		}
		c := check{file: file}
		c.walk(doc.Content[0], 0)
		if c.problem != nil {
			return all, append(problems, *c.problem)
		}
		if n := doc.Content[0]; n.Tag != "!!null" {
			all = append(all, n)
		}
	}
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+)(?:, column (\d+))?: )?`)

// syntaxProblem turns "yaml: line 3: did not find …" into a place and a message.
func syntaxProblem(file, src string, err error) Problem {
	if p := unreadable(file, src); p != nil {
		return *p
	}
	text := err.Error()
	p := Problem{File: file}
	if m := syntaxLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		p.Line, _ = strconv.Atoi(m[1])
	}
	line, col, found, ok := located(src, text)
	if ok {
		p.Line, p.Col = line, col
	}
	p.What, p.Hint = "not valid YAML: "+text, whatToDo(text, found)
	if found != "" {
		p.What += ", found " + excerpt(found)
	}
	return p
}

// check bounds a document as it is after its aliases are expanded.
type check struct {
	file    string
	nodes   int
	problem *Problem
}

func (c *check) walk(n *yaml.Node, depth int) {
	if c.problem != nil {
		return
	}
	c.nodes++
	if depth > maxDepth || c.nodes > maxNodes {
		c.problem = &Problem{File: c.file, Line: n.Line, Col: n.Column,
			What: fmt.Sprintf("nested deeper than %d levels, or more than %d values after aliases are expanded", maxDepth, maxNodes)}
		return
	}
	if n.Kind == yaml.AliasNode {
		c.walk(n.Alias, depth+1)
		return
	}
	for _, child := range n.Content {
		c.walk(child, depth+1)
	}
}

// Resolve follows an alias to the node it stands for.
func Resolve(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Pair is one key of a mapping with its value.
type Pair struct{ Key, Value *yaml.Node }

// Pairs lists a mapping in the order of the file, with merge keys (<<) filled in
// behind the keys of its own.
func Pairs(n *yaml.Node) []Pair {
	n = Resolve(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	all := make([]Pair, 0, len(n.Content)/2)
	merges := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			merges = true
			continue
		}
		all = append(all, Pair{n.Content[i], Resolve(n.Content[i+1])})
	}
	if !merges {
		return all
	}
	have := map[string]bool{}
	for _, p := range all {
		have[p.Key.Value] = true
	}
	add := func(from *yaml.Node) {
		for _, p := range Pairs(from) {
			if !have[p.Key.Value] {
				have[p.Key.Value] = true
				all = append(all, p)
			}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		if v := Resolve(n.Content[i+1]); v.Kind == yaml.SequenceNode {
			for _, item := range v.Content {
				add(item)
			}
		} else {
			add(v)
		}
	}
	return all
}

func isMerge(key *yaml.Node) bool {
	return key.Value == "<<" && (key.Tag == "!!merge" || key.Tag == "" || key.Tag == "!")
}
