import textkit

with textkit.load() as kit:
    print(kit.text.slug("Grüße, Welt!"), kit.text.measure("one two").words)
