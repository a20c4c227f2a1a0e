package main

import (
	"context"
	"fmt"
	"log"

	"example.com/textkit"
)

func main() {
	ctx := context.Background()
	kit, err := textkit.Load(ctx)
	if err != nil {
		log.Fatal(err)
	}
	slug, _ := kit.Slug(ctx, "Grüße, Welt!")
	found, _ := kit.Measure(ctx, "one two")
	fmt.Println(slug, found.Words)
}
