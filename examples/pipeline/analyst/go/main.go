// Command analyst is a component that sums up the readings of weather stations.
package main

import (
	"maps"
	"slices"

	"analyst/bindings/exports/example/pipeline/analyst"
)

type weather struct{}

func (weather) Summarize(readings []analyst.Reading) []analyst.Summary {
	stations := map[string]*analyst.Summary{}
	for _, reading := range readings {
		summary, ok := stations[reading.Station]
		if !ok {
			summary = &analyst.Summary{
				Station: reading.Station,
				Min:     reading.Temperature,
				Max:     reading.Temperature,
			}
			stations[reading.Station] = summary
		}
		summary.Count++
		summary.Min = min(summary.Min, reading.Temperature)
		summary.Max = max(summary.Max, reading.Temperature)
		summary.Mean += reading.Temperature
	}
	summaries := make([]analyst.Summary, 0, len(stations))
	for _, station := range slices.Sorted(maps.Keys(stations)) {
		summary := *stations[station]
		summary.Mean /= float64(summary.Count)
		summaries = append(summaries, summary)
	}
	return summaries
}

func init() {
	analyst.Export(weather{})
}

func main() {}
