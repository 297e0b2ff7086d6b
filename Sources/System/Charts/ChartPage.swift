import FoundationEssentials
import Hashing
import JSON

/// Charts and pictures on one HTML page that needs nothing but itself: no network, and no script but ours.
///
/// What it shows comes from files of unknown origin. All of it is escaped, and a content security policy allows this
/// very script, no other, and no request at all: so a file cannot bring a script of its own.
package struct ChartPage: Sendable {
    package enum Item: Sendable {
        case chart(Chart)
        case pictures(title: String, [Picture])
    }

    package struct Picture: Sendable {
        package var label: String
        /// `image/png`
        package var mediaType: String
        package var bytes: [UInt8]

        package init(label: String, mediaType: String, bytes: [UInt8]) {
            self.label = label
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    package var title: String
    /// Below the title.
    package var subtitle: String
    package var items: [Item]
    /// What could not be shown.
    package var problems: [String]

    package init(title: String, subtitle: String, items: [Item], problems: [String] = []) {
        self.title = title
        self.subtitle = subtitle
        self.items = items
        self.problems = problems
    }

    package func html() -> String {
        let data = JSONValue.array(items.map(Self.pointerData))
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src \
            'unsafe-inline'; script-src '\(Self.scriptSource)'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escapedMarkup(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header><h1>\(escapedMarkup(title))</h1><p>\(escapedMarkup(subtitle))</p></header>
            \(problems.map { "<p class=\"problem\">\(escapedMarkup($0))</p>" }.joined(separator: "\n"))
            <main>
            \(items.map(Self.figure).joined(separator: "\n"))
            </main>
            <div id="tip" hidden></div>
            <script type="application/json" id="data">\(data.textInMarkup())</script>
            <script>\(Self.script)</script>
            </body>
            </html>

            """
    }

    private static func figure(_ item: Item) -> String {
        switch item {
        case .chart(let chart): return "<figure>\(chart.svg())</figure>"
        case .pictures(let title, let pictures):
            let images = pictures.map { picture in
                let source = "data:\(picture.mediaType);base64,\(Data(picture.bytes).base64EncodedString())"
                let caption = escapedMarkup(picture.label)
                return "<div><img src=\"\(escapedMarkup(source))\" alt=\"\(caption)\"><p>\(caption)</p></div>"
            }
            return "<figure><h2>\(escapedMarkup(title))</h2><div class=\"pictures\">\(images.joined())</div></figure>"
        }
    }

    private static func pointerData(_ item: Item) -> JSONValue {
        guard case .chart(let chart) = item, let data = chart.pointerData() else { return .null }
        func number(_ value: Double) -> JSONValue { .number((value * 10).rounded() / 10) }
        return .object([
            "left": number(data.left), "right": number(data.right), "top": number(data.top),
            "bottom": number(data.bottom), "x": .string(data.xTitle),
            "lines": .array(
                data.lines.map { line in
                    .object([
                        "label": .string(line.label), "color": .string(line.color),
                        "points": .array(
                            line.points.map { .array([number($0.left), number($0.top), .string($0.x), .string($0.y)]) }),
                    ])
                }),
        ])
    }

    private static let scriptSource = SHA256.integrity(of: script)

    private static let style = """
        :root{color-scheme:light dark;--paper:#fff;--page:#f5f6f8;--ink:#30343b;--faint:#7a808a;--grid:#e6e8ec}
        @media (prefers-color-scheme:dark){:root{--paper:#1d2026;--page:#14161a;--ink:#e3e6ea;--faint:#9aa1ab;--grid:#33373f}}
        body{margin:0;padding:24px;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
        h1{font-size:20px;margin:0}h2{font-size:14px;margin:0 0 8px;text-align:center}header p{margin:2px 0 16px;color:var(--faint)}
        main{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
        figure{margin:0;padding:12px;background:var(--paper);border:1px solid var(--grid);border-radius:8px;max-width:100%;\
        box-sizing:border-box;overflow:auto;position:relative}
        svg{display:block;max-width:100%;height:auto}svg .paper{fill:var(--paper)}svg .ink{fill:var(--ink)}\
        svg .faint{fill:var(--faint)}svg .grid{stroke:var(--grid)}svg .axis{stroke:var(--faint)}
        .pictures{display:flex;flex-wrap:wrap;gap:12px}.pictures img{max-width:min(480px,100%);display:block;background:#fff}\
        .pictures p{margin:4px 0 0;text-align:center;color:var(--faint)}
        .problem{border-left:3px solid #e45756;padding:2px 10px;margin:0 0 8px}
        #tip{position:fixed;pointer-events:none;background:var(--paper);border:1px solid var(--grid);border-radius:6px;\
        padding:6px 10px;font-size:12px;box-shadow:0 2px 8px #0003;max-width:360px}
        #tip b{display:block}#tip i{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px}
        """

    /// Shows the values of all lines at the point nearest to the pointer.
    private static let script = """
        const data = JSON.parse(document.getElementById('data').textContent);
        const tip = document.getElementById('tip');
        const space = 'http://www.w3.org/2000/svg';
        document.querySelectorAll('figure').forEach((figure, number) => {
          const chart = data[number], svg = figure.querySelector('svg');
          if (!chart || !svg) return;
          const layer = document.createElementNS(space, 'g');
          svg.append(layer);
          const hide = () => { layer.replaceChildren(); tip.hidden = true; };
          svg.addEventListener('pointerleave', hide);
          svg.addEventListener('pointermove', event => {
            const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
            if (place.x < chart.left || place.x > chart.right || place.y < chart.top || place.y > chart.bottom) return hide();
            let best = null;
            for (const line of chart.lines) for (const point of line.points)
              if (!best || Math.abs(point[0] - place.x) < Math.abs(best[0] - place.x)) best = point;
            if (!best) return hide();
            layer.replaceChildren();
            const rule = document.createElementNS(space, 'line');
            for (const [key, value] of Object.entries({x1: best[0], x2: best[0], y1: chart.top, y2: chart.bottom, stroke: '#888'}))
              rule.setAttribute(key, value);
            layer.append(rule);
            const heading = document.createElement('b');
            heading.textContent = (chart.x ? chart.x + ' ' : '') + best[2];
            tip.replaceChildren(heading);
            for (const line of chart.lines) {
              const point = line.points.find(point => point[2] === best[2]);
              if (!point) continue;
              const dot = document.createElementNS(space, 'circle');
              for (const [key, value] of Object.entries({cx: point[0], cy: point[1], r: 4, fill: line.color})) dot.setAttribute(key, value);
              layer.append(dot);
              const row = document.createElement('div'), mark = document.createElement('i');
              mark.style.background = line.color;
              row.append(mark, line.label + ': ' + point[3]);
              tip.append(row);
            }
            tip.hidden = false;
            tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
            tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + 'px';
          });
        });
        """
}
