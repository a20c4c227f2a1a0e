package wit

// Result is a result<T, E> that is not the whole result of a function.
// The zero value is the zero value of T.
type Result[T, E any] struct {
	value   T
	payload E
	failed  bool
}

// Ok is a result that holds a value.
func Ok[T, E any](value T) Result[T, E] {
	return Result[T, E]{value: value}
}

// Err is a result that holds an error.
func Err[T, E any](payload E) Result[T, E] {
	return Result[T, E]{payload: payload, failed: true}
}

// Ok is the value, and whether there is one.
func (r Result[T, E]) Ok() (T, bool) {
	return r.value, !r.failed
}

// Err is the error's payload, and whether there is one.
func (r Result[T, E]) Err() (E, bool) {
	return r.payload, r.failed
}

// Unwrap is the value, or the error as an [*Error].
func (r Result[T, E]) Unwrap() (T, error) {
	if r.failed {
		return r.value, Fail(r.payload)
	}
	return r.value, nil
}
