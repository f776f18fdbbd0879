// In a narrow window the navigation is one line that is scrolled: where one is stands in sight.
const nav = document.querySelector(".top nav");
const here = nav?.querySelector("[aria-current]");

function show() {
  nav.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - nav.offsetLeft - nav.clientWidth / 2;
}

if (here) {
  show();
  addEventListener("resize", show);
}
