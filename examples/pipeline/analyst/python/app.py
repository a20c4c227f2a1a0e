"""Sums up the readings of weather stations."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from bindings import exports
from bindings.analyst import Reading, Summary


class Analyst(exports.Analyst):
    def summarize(self, readings: Sequence[Reading]) -> list[Summary]:
        stations: defaultdict[str, list[float]] = defaultdict(list)
        for reading in readings:
            stations[reading.station].append(reading.temperature)
        return [
            Summary(station, len(found), min(found), fmean(found), max(found))
            for station, found in sorted(stations.items())
        ]
