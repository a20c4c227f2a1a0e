// Command relay has the same interfaces on both sides, and hands every call and every resource on.
package main

import (
	exportedrecords "testees/relay/bindings/exports/witgen/conformance/records"
	exportedstore "testees/relay/bindings/exports/witgen/conformance/store"
)

func init() {
	exportedrecords.Export(records{})
	exportedstore.Export(stores{})
}

func main() {}
