// Package schema judges a body against its schema: JSON against the schemas of an
// OpenAPI document, XML against XSD.
//
// Both engines give the same [Violation]s, all of a body at once, each with the
// exact field, what was expected, what was found, and the place in the schema.
// Schemas are compiled when a contract is opened; judging compiles nothing.
//
// It does not read HTTP, does not know contracts, and changes no body.
//
// # Writing an XSD
//
// One file per contract message, XML Schema 1.0. It may include and import files in
// its folder, which are joined to one text for each namespace before they are
// compiled; nothing is ever loaded from elsewhere. Trees have local names only:
// children of the same name and different namespaces are told apart by libxml2
// alone. A rule that no document states is
// marked, and its violations then say so in Basis:
//
//	<xs:element name="hint" type="xs:string">
//	  <xs:annotation><xs:appinfo>inferred</xs:appinfo></xs:annotation>
//	</xs:element>
//
// Leave unknown children out instead of writing xs:any: they are reported, and
// are soft unless [XMLValidator.Strict] asks otherwise. A number that may also be
// left empty, as in <erpNumber/>, is a union:
//
//	<xs:simpleType name="Empty">
//	  <xs:restriction base="xs:string"><xs:maxLength value="0"/></xs:restriction>
//	</xs:simpleType>
//	<xs:simpleType name="IntOrEmpty"><xs:union memberTypes="xs:int Empty"/></xs:simpleType>
//
// What to know about libxml2 2.9, which judges:
//
//   - xs:gYear and its kin, and every type with a pattern on xs:int or xs:date,
//     refuse white space around the value, although the standard allows it.
//     Other numbers, dates and times are excused here (xsdpadded.go).
//   - In a pattern a dot stands for any character: write \. for a decimal point.
//     Keep patterns plain. Three loops in a row that take the same characters
//     (a*a*a*) cost the cube of the value's length, a counted group inside a
//     counted group ((a{1,9}){1,9}) is given up after seconds and the body is
//     refused, and a counted group that may be empty ((a?){9}) is misjudged.
//   - xs:all takes each child at most once. For a list beside single fields, use
//     a sequence, or a choice with maxOccurs="unbounded".
//   - Where a content model is a plain list (elements, one level of choices, in a
//     sequence or xs:all), every misplaced, missing and surplus child is
//     reported. In other models (a repeated sequence, a choice between
//     sequences) the violations follow what libxml2 says first.
package schema
