package main

import (
	"testees/provider/bindings/exports/witgen/testees/failures"
	"testees/provider/bindings/wit"
)

type failuresImpl struct{}

func (failuresImpl) Number(value wit.Result[uint8, uint64]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Real(value wit.Result[uint8, float64]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Truth(value wit.Result[uint8, bool]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Letter(value wit.Result[uint8, rune]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Text(value wit.Result[uint8, string]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Octets(value wit.Result[uint8, []byte]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Texts(value wit.Result[uint8, []string]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Both(value wit.Result[uint8, wit.Tuple2[uint32, string]]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Details(value wit.Result[uint8, failures.Report]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Why(value wit.Result[uint8, failures.Reason]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Which(value wit.Result[uint8, failures.Failure]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Lacking(value wit.Result[uint8, failures.Rights]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Perhaps(value wit.Result[uint8, *string]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Nested(value wit.Result[uint8, wit.Result[uint8, string]]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Bare(value wit.Result[uint8, struct{}]) (uint8, error) {
	return value.Unwrap()
}

func (failuresImpl) Nothing(value wit.Result[struct{}, struct{}]) error {
	_, err := value.Unwrap()
	return err
}

func (failuresImpl) Only(value wit.Result[struct{}, string]) error {
	_, err := value.Unwrap()
	return err
}
