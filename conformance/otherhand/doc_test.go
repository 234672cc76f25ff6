// Package otherhand holds an oTMS server by another hand, and the suite's verdict on
// it. The server was written from the pages of the documentation alone: it uses no
// part of this project, neither its schemas nor its behaviour, and takes every point
// that the pages leave open in a way of its own. A set of readings says which way.
//
// Every set of readings must be judged conformant, and every fault that is put into
// the server must be found in the field where it is.
//
// Read readings_test.go first: the open points. server_test.go is the way of a
// request, orders_test.go, points_test.go and rest_test.go are the operations,
// faults_test.go is what can be wrong.
package otherhand
