// Package wit has the types of WIT that Go lacks.
package wit

import "strconv"

// Error is the error of a function whose WIT result is result<T, E>.
//
// An imported function returns a *Error[E] when it fails; find it with [errors.As]:
//
//	var failed *wit.Error[store.ErrorCode]
//	if errors.As(err, &failed) && failed.Payload == store.ErrorCodeNoSuchKey {
//
// An exported function returns one, wrapped or not, to fail; see [Fail].
// Any other error that it returns is a bug to its caller: it ends the component.
type Error[E any] struct {
	// Payload is what WIT says of the error; struct{}{} when it says nothing.
	Payload E
}

// Fail is the error with this payload.
func Fail[E any](payload E) error {
	return &Error[E]{payload}
}

// Error is the payload as text.
func (e *Error[E]) Error() string {
	switch payload := any(e.Payload).(type) {
	case error:
		return payload.Error()
	case interface{ String() string }:
		return payload.String()
	case string:
		return payload
	case bool:
		return strconv.FormatBool(payload)
	case rune:
		return strconv.FormatInt(int64(payload), 10)
	case int8:
		return strconv.FormatInt(int64(payload), 10)
	case int16:
		return strconv.FormatInt(int64(payload), 10)
	case int64:
		return strconv.FormatInt(payload, 10)
	case uint8:
		return strconv.FormatUint(uint64(payload), 10)
	case uint16:
		return strconv.FormatUint(uint64(payload), 10)
	case uint32:
		return strconv.FormatUint(uint64(payload), 10)
	case uint64:
		return strconv.FormatUint(payload, 10)
	case float32:
		return strconv.FormatFloat(float64(payload), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(payload, 'g', -1, 64)
	default:
		return "the call failed"
	}
}
