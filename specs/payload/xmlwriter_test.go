package payload

import "testing"

func TestXMLWriterWritesWhatATreeWrites(t *testing.T) {
	w := NewXMLWriter(0)
	w.Start("orders")
	w.Attr("version", "a\tb\"<&")
	w.Start("order")
	w.End("order")
	kept := w.Mark()
	w.Start("forgotten")
	w.Text("x")
	w.End("forgotten")
	w.Back(kept)
	w.Start("remark")
	w.Text("")
	w.Text("a <b> & \r\n\x00")
	w.End("remark")
	w.End("orders")

	root := &Node{Kind: Element, Name: "orders"}
	root.Append(&Node{Kind: Attribute, Name: "version", Value: "a\tb\"<&"})
	root.Append(&Node{Kind: Element, Name: "order"})
	root.Append(&Node{Kind: Element, Name: "remark", Value: "a <b> & \r\n\x00"})
	if got, want := string(w.Bytes()), string((&Tree{Format: XML, Root: root}).XML()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestXMLWriterComesBackIntoAnOpenTag(t *testing.T) {
	w := NewXMLWriter(0)
	w.Start("a")
	open := w.Mark()
	w.Start("b")
	w.End("b")
	w.Back(open)
	w.Attr("c", "1")
	w.End("a")
	if got, want := string(w.Bytes()), declaration+`<a c="1"/>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
