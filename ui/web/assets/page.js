// What each page does by itself, besides its live stream.
import "./time.js";
import "./copy.js";
import "./chart_cursor.js";
import "./roving.js";
import "./keyboard.js";
