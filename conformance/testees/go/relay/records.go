package main

import (
	exported "testees/relay/bindings/exports/witgen/conformance/records"
	imported "testees/relay/bindings/witgen/conformance/records"
)

type records struct{}

func (records) EchoPoint(value exported.Point) exported.Point {
	return exported.Point(imported.EchoPoint(imported.Point(value)))
}

func (records) EchoPerson(value exported.Person) exported.Person {
	return personBack(imported.EchoPerson(person(value)))
}

func (records) EchoPeople(value []exported.Person) []exported.Person {
	return each(personBack, imported.EchoPeople(each(person, value)))
}

func (records) EchoWide(value exported.Wide) exported.Wide {
	return wideBack(imported.EchoWide(wide(value)))
}

func (records) EchoPlace(value exported.Place) exported.Place {
	return exported.Place(imported.EchoPlace(imported.Place(value)))
}

func (records) Swap(left, right exported.Wide) []exported.Wide {
	return each(wideBack, imported.Swap(wide(left), wide(right)))
}

func each[From, To any](convert func(From) To, list []From) []To {
	converted := make([]To, len(list))
	for i, element := range list {
		converted[i] = convert(element)
	}
	return converted
}

func person(p exported.Person) imported.Person {
	return imported.Person{Name: p.Name, Age: p.Age, Home: imported.Point(p.Home), Nicknames: p.Nicknames}
}

func personBack(p imported.Person) exported.Person {
	return exported.Person{Name: p.Name, Age: p.Age, Home: exported.Point(p.Home), Nicknames: p.Nicknames}
}

func wide(w exported.Wide) imported.Wide {
	return imported.Wide{
		A: w.A, B: w.B, C: w.C, D: w.D, E: w.E, F: w.F, G: w.G, H: w.H, I: w.I, J: w.J, K: w.K, L: w.L,
		M: w.M, N: w.N, O: imported.Point(w.O),
	}
}

func wideBack(w imported.Wide) exported.Wide {
	return exported.Wide{
		A: w.A, B: w.B, C: w.C, D: w.D, E: w.E, F: w.F, G: w.G, H: w.H, I: w.I, J: w.J, K: w.K, L: w.L,
		M: w.M, N: w.N, O: exported.Point(w.O),
	}
}
