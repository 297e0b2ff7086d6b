// What a chart is drawn on: a canvas for the screen and for PNG, or the text of an SVG file. Both understand the same
// few strokes, so that what is saved is what was seen.

/** `points`: x, y, x, y …; NaN breaks the line. */
export class CanvasSurface {
  constructor(context) {
    this.context = context;
  }

  line(points, { colour, width = 1.5, opacity = 1, dash = [] }) {
    const { context } = this;
    context.beginPath();
    let isDown = false;
    for (let index = 0; index < points.length; index += 2) {
      const [x, y] = [points[index], points[index + 1]];
      if (Number.isNaN(x) || Number.isNaN(y)) isDown = false;
      else if (isDown) context.lineTo(x, y);
      else {
        context.moveTo(x, y);
        isDown = true;
      }
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: opacity, lineJoin: "round" });
    context.setLineDash(dash);
    context.stroke();
    context.globalAlpha = 1;
  }

  /** `bars`: x, top, bottom, x, top, bottom …, each `width` wide and at least as high. */
  bars(bars, { colour, width = 1.5, opacity = 1 }) {
    const { context } = this;
    Object.assign(context, { fillStyle: colour, globalAlpha: opacity });
    const half = width / 2;
    for (let index = 0; index < bars.length; index += 3) {
      context.fillRect(bars[index] - half, bars[index + 1] - half, width, bars[index + 2] - bars[index + 1] + width);
    }
    context.globalAlpha = 1;
  }

  shape(points, { colour, opacity = 1 }) {
    const { context } = this;
    context.beginPath();
    for (let index = 0; index < points.length; index += 2) {
      if (index === 0) context.moveTo(points[0], points[1]);
      else context.lineTo(points[index], points[index + 1]);
    }
    context.closePath();
    Object.assign(context, { fillStyle: colour, globalAlpha: opacity });
    context.fill();
    context.globalAlpha = 1;
  }

  circle(x, y, radius, { colour, opacity = 1, outline }) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: colour, globalAlpha: opacity });
    context.fill();
    context.globalAlpha = 1;
    if (outline) {
      Object.assign(context, { strokeStyle: outline, lineWidth: 1 });
      context.setLineDash([]);
      context.stroke();
    }
  }

  text(words, x, y, { colour, size = 11, align = "left", baseline = "alphabetic", turned = false, font }) {
    const { context } = this;
    context.save();
    context.translate(x, y);
    if (turned) context.rotate(-Math.PI / 2);
    Object.assign(context, {
      fillStyle: colour, font: `${size}px ${font}`, textAlign: align, textBaseline: baseline,
    });
    context.fillText(words, 0, 0);
    context.restore();
  }

  within(x, y, width, height, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }
}

const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const rounded = (number) => Math.round(number * 100) / 100;

export class SVGSurface {
  constructor(width, height) {
    this.size = [width, height];
    this.parts = [];
    this.clips = 0;
  }

  line(points, { colour, width = 1.5, opacity = 1, dash = [] }) {
    let path = "";
    let isDown = false;
    for (let index = 0; index < points.length; index += 2) {
      const [x, y] = [points[index], points[index + 1]];
      if (Number.isNaN(x) || Number.isNaN(y)) isDown = false;
      else {
        path += `${isDown ? "L" : "M"}${rounded(x)} ${rounded(y)}`;
        isDown = true;
      }
    }
    const dashes = dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
    this.parts.push(
      `<path d="${path}" fill="none" stroke="${escaped(colour)}" stroke-width="${width}" opacity="${opacity}" ` +
        `stroke-linejoin="round"${dashes}/>`,
    );
  }

  bars(bars, { colour, width = 1.5, opacity = 1 }) {
    let path = "";
    for (let index = 0; index < bars.length; index += 3) {
      path += `M${rounded(bars[index])} ${rounded(bars[index + 1] - width / 2)}V${rounded(bars[index + 2] + width / 2)}`;
    }
    this.parts.push(`<path d="${path}" fill="none" stroke="${escaped(colour)}" stroke-width="${width}" opacity="${opacity}"/>`);
  }

  shape(points, { colour, opacity = 1 }) {
    const pairs = Array.from({ length: points.length / 2 }, (_, i) => `${rounded(points[2 * i])},${rounded(points[2 * i + 1])}`);
    this.parts.push(`<polygon points="${pairs.join(" ")}" fill="${escaped(colour)}" opacity="${opacity}"/>`);
  }

  circle(x, y, radius, { colour, opacity = 1, outline }) {
    const stroke = outline ? ` stroke="${escaped(outline)}"` : "";
    this.parts.push(
      `<circle cx="${rounded(x)}" cy="${rounded(y)}" r="${radius}" fill="${escaped(colour)}" opacity="${opacity}"${stroke}/>`,
    );
  }

  text(words, x, y, { colour, size = 11, align = "left", baseline = "alphabetic", turned = false, font }) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const dominant = { alphabetic: "auto", middle: "central", top: "hanging" }[baseline] ?? "auto";
    const turn = turned ? ` transform="rotate(-90 ${rounded(x)} ${rounded(y)})"` : "";
    this.parts.push(
      `<text x="${rounded(x)}" y="${rounded(y)}" fill="${escaped(colour)}" font-size="${size}" ` +
        `font-family="${escaped(font)}" text-anchor="${anchor}" dominant-baseline="${dominant}"${turn}>${escaped(words)}</text>`,
    );
  }

  within(x, y, width, height, draw) {
    this.clips += 1;
    const name = `clip${this.clips}`;
    this.parts.push(
      `<clipPath id="${name}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath><g clip-path="url(#${name})">`,
    );
    draw();
    this.parts.push("</g>");
  }

  get markup() {
    const [width, height] = this.size;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `${this.parts.join("")}</svg>`
    );
  }
}
