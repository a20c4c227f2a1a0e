// Command soak serves the long runs.
package main

import (
	"slices"
	"sync"
	"time"

	"testees/soak/bindings"
	"testees/soak/bindings/exports/witgen/testees/sessions"
	"testees/soak/bindings/witgen/testees/source"
)

func init() {
	bindings.Export(world{})
	sessions.Export(sessionsImpl{})
	go tick()
}

func main() {}

type world struct{}

func (world) Echo(text string) string {
	return text
}

func (world) Draw(size uint32) uint64 {
	sum := uint64(len(source.Text(size)))
	for _, b := range source.Bytes(size) {
		sum += uint64(b)
	}
	for _, row := range source.Rows(size / 100) {
		sum += uint64(row.Id) + uint64(len(row.Values))
	}
	return sum
}

func (world) EchoRows(rows []bindings.SourceRow) []bindings.SourceRow {
	echoed := make([]bindings.SourceRow, 0, len(rows))
	for _, row := range rows {
		echoed = append(echoed, bindings.SourceRow{Id: row.Id, Name: row.Name, Values: slices.Clone(row.Values)})
	}
	return echoed
}

// Pause sleeps while goroutines draw from the source, and waits for them.
func (w world) Pause(microseconds uint32) {
	pause := time.Duration(microseconds) * time.Microsecond
	until := time.Now().Add(pause)
	var workers sync.WaitGroup
	for range 3 {
		workers.Go(func() {
			for time.Now().Before(until) {
				w.Draw(200)
				time.Sleep(pause / 10)
			}
		})
	}
	time.Sleep(pause)
	workers.Wait()
}

// ticks is garbage that [tick] makes, for the collector to find during calls.
var ticks [][]byte

// tick goes on between the calls whenever one of them sleeps.
func tick() {
	for range time.Tick(100 * time.Microsecond) {
		ticks = append(ticks, make([]byte, 1000))
		if len(ticks) > 100 {
			ticks = nil
		}
	}
}

// live is how many sessions there are.
var live uint32

type session struct {
	name string
	fed  uint32
	rows []sessions.Row
}

func (s *session) Feed(rows []sessions.Row) uint32 {
	s.fed += uint32(len(rows))
	s.rows = rows
	return s.fed
}

func (s *session) State() (string, []sessions.Row) {
	return s.name, s.rows
}

// Close ends the session.
func (s *session) Close() {
	live--
}

type sessionsImpl struct{}

func (sessionsImpl) NewSession(name string) sessions.Session {
	live++
	return &session{name: name}
}

func (sessionsImpl) Live() uint32 {
	return live
}
