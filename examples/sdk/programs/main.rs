fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut kit = textkit::Textkit::new()?;
    println!("{} {}", kit.slug("Grüße, Welt!")?.unwrap_or_default(), kit.measure("one two")?.words);
    Ok(())
}
