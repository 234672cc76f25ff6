// The views are known: begin.
app.start().catch((e) => app.say(e.message, true));
