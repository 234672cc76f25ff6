package xmlsafe

/*
#cgo !static_build pkg-config: libxml-2.0
#cgo static_build pkg-config: --static libxml-2.0
#cgo CFLAGS: -O2 -Wall
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"runtime"
	"sync"
	"unsafe"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// begin sets libxml2 up, once for the process and before any use of it.
var begin = sync.OnceFunc(func() {
	if C.xs_start() != 0 {
		panic("this binary was linked without the thread functions that libxml2 needs")
	}
})

// places bounds the C calls that run at the same time, for the whole process:
// each call keeps an operating-system thread and up to a dozen times its body
// in memory, and none can be cancelled.
var places = make(chan struct{}, runtime.GOMAXPROCS(0))

// maxRound is the most errors that are recorded in one validation.
const maxRound = 10_000

// run is one body inside C.
type run struct {
	c     *C.xs_run
	nodes []payload.Node // by record index
	index map[*payload.Node]int32
	// repaired tells that the validator does not see the body as it came any more.
	repaired bool
}

// enter runs one body through C; the caller must close what comes back.
func enter(schema *Schema, utf8 []byte) (*run, error) {
	begin()
	places <- struct{}{}
	defer func() { <-places }()
	quick, spaces := C.int(0), C.int(0)
	if schema != nil && schema.streams {
		quick = 1
	}
	if schema != nil && schema.Spaces {
		spaces = 1
	}
	c := C.xs_check(C.xmlSchemaPtr(schema.pointer()), (*C.char)(unsafe.Pointer(unsafe.SliceData(utf8))), C.int(len(utf8)), maxRound, quick, spaces)
	runtime.KeepAlive(utf8)
	if c == nil || c.oom != 0 {
		C.xs_free(c)
		return nil, &Malformed{What: "there was not enough memory to read the body"}
	}
	r := &run{c: c}
	if c.dtd != 0 {
		r.close()
		return nil, &Malformed{What: "a document type declaration (DTD) is not accepted"}
	}
	if c.parsed == 0 {
		m := r.parseError(utf8)
		r.close()
		return nil, m
	}
	return r, nil
}

// short reports whether the body was read the short way.
func (r *run) short() bool { return r.c.ptr == nil }

func (r *run) close() { C.xs_free(r.c) }

// settled reports whether the last validation found nothing at all, and failed
// whether it could not be carried out, which must never pass for valid.
func (r *run) settled() bool { return r.c.rc == 0 && r.c.oom == 0 && !r.errors() }
func (r *run) failed() bool {
	return r.c.oom != 0 || r.c.rc < 0 || !r.errors()
}
func (r *run) overflow() bool { return r.c.overflow != 0 }

func (r *run) errors() bool {
	for _, i := range unsafe.Slice(r.c.issues, r.c.issueN) {
		if i.level >= 2 {
			return true
		}
	}
	return false
}

// tree decodes the packed records. All nodes lie in one slice and all strings in
// one string, so a body costs a handful of allocations.
func (r *run) tree() *payload.Tree {
	records := unsafe.Slice(r.c.nodes, r.c.n)
	pool := C.GoStringN(r.c.pool, r.c.poolLen)
	r.nodes = make([]payload.Node, len(records))
	for i := range records {
		rec, n := &records[i], &r.nodes[i]
		n.Kind = payload.Element
		if rec.kind == C.XS_ATTRIBUTE {
			n.Kind = payload.Attribute
		}
		n.Name = pool[rec.name : rec.name+rec.nameLen]
		n.Value = pool[rec.value : rec.value+rec.valueLen]
		n.Line = int32(rec.line)
		if rec.parent >= 0 {
			r.nodes[rec.parent].Append(n)
			if r.c.spaces != 0 {
				r.inSpace(pool, i, n)
			}
		}
	}
	return &payload.Tree{Format: payload.XML, Root: &r.nodes[0], Namespace: pool[r.c.space : r.c.space+r.c.spaceLen]}
}

// inSpace says the namespace of a node below the root where it is not what one expects:
// that of the parent for an element, none for an attribute.
func (r *run) inSpace(pool string, i int, n *payload.Node) {
	records := unsafe.Slice(r.c.nodes, r.c.n)
	spaceOf := func(i int) string { return pool[records[i].space : records[i].space+records[i].spaceLen] }
	own := spaceOf(i)
	switch {
	case n.Kind == payload.Attribute && own != "":
		n.Name = "{" + own + "}" + n.Name
	case n.Kind == payload.Element && own != spaceOf(int(records[i].parent)):
		n.Append(&payload.Node{Kind: payload.Attribute, Name: payload.SpaceAttr, Value: own, Line: n.Line})
	}
}

// raw is one error as libxml2 words it. It may quote a password and must not
// leave this package.
type raw struct {
	code, line, col, number int
	part                    int // of a schema
	warning                 bool
	node                    int
	message, str1, str2     string
}

func (r *run) raws() []raw {
	text := C.GoStringN(r.c.text, r.c.textLen)
	issues := unsafe.Slice(r.c.issues, r.c.issueN)
	out := make([]raw, len(issues))
	for i := range issues {
		c := &issues[i]
		out[i] = raw{
			code: int(c.code), line: int(c.line), col: int(c.col), number: int(c.number),
			warning: c.level < 2, node: int(c.node), part: int(c.part),
			message: text[c.msg : c.msg+c.msgLen],
			str1:    text[c.s1 : c.s1+c.s1Len],
			str2:    text[c.s2 : c.s2+c.s2Len],
		}
	}
	return out
}

// again carries out the arrangements in C and validates a second time.
func (r *run) again(plan []Arrangement) {
	r.repaired = true
	if r.index == nil {
		r.index = make(map[*payload.Node]int32, len(r.nodes))
		for i := range r.nodes {
			r.index[&r.nodes[i]] = int32(i)
		}
	}
	var numbers []int32
	var names []byte
	placeholders := int32(0)
	for _, a := range plan {
		parent, known := r.index[a.Parent]
		if !known {
			continue
		}
		at := len(numbers)
		numbers = append(numbers, parent, 0)
		for _, child := range a.Children {
			if child.Node == nil {
				placeholders++
				names = append(append(names, child.Name...), 0)
				numbers = append(numbers, -placeholders)
			} else if i, known := r.index[child.Node]; known {
				numbers = append(numbers, i)
			}
		}
		numbers[at+1] = int32(len(numbers) - at - 2)
	}
	places <- struct{}{}
	defer func() { <-places }()
	C.xs_again(r.c, (*C.int32_t)(unsafe.SliceData(numbers)), C.int(len(numbers)),
		(*C.char)(unsafe.Pointer(unsafe.SliceData(names))), C.int(len(names)))
	runtime.KeepAlive(numbers)
	runtime.KeepAlive(names)
}

// Yardstick is what benchmarks compare with: parse, validate and free, in C
// alone, that many times. It gives the number of bodies found invalid.
func Yardstick(s *Schema, utf8 []byte, times int) int {
	bad := C.xs_plain(C.xmlSchemaPtr(s.pointer()), (*C.char)(unsafe.Pointer(unsafe.SliceData(utf8))), C.int(len(utf8)), C.int(times))
	return int(bad)
}

// offering runs fn, which must call libxml2 on this thread only, while it may load
// those texts as part:0, part:1 and so on. It says no where they are too many.
func offering(texts [][]byte, fn func()) bool {
	begin()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer C.xs_withdraw()
	for _, text := range texts {
		if C.xs_offer((*C.char)(unsafe.Pointer(unsafe.SliceData(text))), C.int(len(text))) == 0 {
			return false
		}
	}
	runtime.KeepAlive(texts)
	fn()
	return true
}

// collect runs fn, which must call libxml2 on this thread only, and gives the
// errors that libxml2 reported meanwhile.
func collect(fn func()) []raw {
	begin()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := C.xs_collect()
	if c == nil {
		fn()
		return nil
	}
	defer C.xs_free(c)
	fn()
	C.xs_stop_collecting()
	return (&run{c: c}).raws()
}
