// What a page adds to htmx so that it moves by itself, and keeps what its reader does meanwhile.
import "./live.js";
import "./kept_focus.js";
import "./announcements.js";
