package host

import (
	"fmt"
	"strings"
	"testing"
)

// TestShortStrings reads strings that share memory, over memory that changes afterwards.
func TestShortStrings(t *testing.T) {
	m := &Memory{data: make([]byte, 1<<16)}
	for range 2 {
		m.refresh()
		var expected, got []string
		at := uint32(0)
		for i := range 2000 {
			text := strings.Repeat(fmt.Sprint(i, " "), i%20)
			copy(m.data[at:], text)
			expected = append(expected, text)
			got = append(got, m.LiftString(at, uint32(len(text))))
			at = (at + uint32(len(text))) % (1 << 15)
		}
		clear(m.data)
		for i := range expected {
			if got[i] != expected[i] {
				t.Fatalf("%d: %q, not %q", i, got[i], expected[i])
			}
		}
	}
	// The strings of a call that has few of them keep nothing else.
	m.refresh()
	if first := m.LiftString(0, 10); m.shorts != nil || len(first) != 10 {
		t.Error(m.shorts)
	}
	copy(m.data, strings.Repeat("short", 20))
	if count := testing.AllocsPerRun(10, func() {
		m.refresh()
		for range 1000 {
			m.LiftString(0, 10)
		}
	}); count > 40 {
		t.Errorf("%v allocations", count)
	}
}
