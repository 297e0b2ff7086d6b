// The colours that canvases need, from the style sheet.

export function chartTheme(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    ground: colour("--chart-ground"), text: colour("--chart-text"), grid: colour("--chart-grid"),
    axis: colour("--chart-axis"), accent: colour("--chart-accent"), strong: colour("--chart-strong"), font: style.fontFamily,
  };
}
