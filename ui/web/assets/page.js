// What each page does by itself, besides its live stream. That there are scripts at all is told to the stylesheet first.
import "./time.js";
import "./copy.js";
import "./chart_cursor.js";
import "./roving.js";
import "./keyboard.js";
import "./ticked.js";
import "./filter.js";
import "./navigation.js";
document.documentElement.dataset.js = "";
