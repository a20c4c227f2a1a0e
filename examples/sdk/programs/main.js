import { measure, slug } from "textkit";

console.log(slug("Grüße, Welt!"), measure("one two").words);
