// A run's colour; a click chooses another, for this reader and all views.
import { chooseColour, isColourChosen, palette, runColour, runColourIndex } from "../lib/colours.js";
import { h } from "../lib/dom.js";
import { openMenu } from "./menu.js";

/** `run`: { id, name }; `colour`: if it is another where it stands, beside runs that have the same. */
export function colourMark(run, { colour = runColour(run.id), tabIndex = 0 } = {}) {
  return h("button.run-mark", {
    type: "button", tabIndex, title: "Choose the colour", ariaLabel: `Colour of ${run.name}`, ariaHaspopup: "menu",
    style: { "--mark": colour }, onclick: (event) => choose(event.currentTarget, run),
  });
}

function choose(anchor, run) {
  const swatches = palette().map((colour, index) => h("button.swatch", {
    type: "button", role: "menuitemradio", ariaLabel: `Colour ${index + 1}`, ariaChecked: String(index === runColourIndex(run.id)),
    style: { "--mark": colour }, onclick: () => take(index),
  }));
  const menu = openMenu(anchor, [
    { title: `Colour of ${run.name}` }, h(".swatches", { role: "group", ariaLabel: "Colours" }, swatches),
    { label: "As usual", disabled: !isColourChosen(run.id), act: () => chooseColour(run.id, null) },
  ], { label: "Colours" });
  const take = (index) => {
    menu.hidePopover();
    chooseColour(run.id, index);
  };
}
