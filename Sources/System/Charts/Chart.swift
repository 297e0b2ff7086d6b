/// One picture: a title, two axes, and what stands between them. A value; `svg()` draws it.
package struct Chart: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        /// Each series is a line. With a smoothing, a smoothed line is drawn over a faint one.
        case lines([Series], smoothing: Smoothing?)
        /// Each series is a cloud of points; jittered ones are moved a little, so that equal ones are seen.
        case points([Series], isJittered: Bool)
        case bars([BarGroup], isSorted: Bool)
        case confusion([ConfusionMatrix], isNormalized: Bool)
    }

    package var title: String
    package var xAxis: Axis
    package var yAxis: Axis
    package var content: Content

    package init(title: String, xAxis: Axis, yAxis: Axis, content: Content) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.content = content
    }

    /// What is written along an axis. With categories, a number n stands for the n-th of them.
    package struct Axis: Sendable, Equatable {
        package var title: String
        package var categories: [String]?

        package init(title: String, categories: [String]? = nil) {
            self.title = title
            self.categories = categories
        }
    }

    /// How far around a point smoothing looks, as a part of all points: 0.3 is three tenths.
    package struct Smoothing: Sendable, Equatable {
        package var bandwidth: Double

        package init(bandwidth: Double) { self.bandwidth = bandwidth }
    }

    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Points that belong together. Colour and dash are numbers of a palette: equal ones mean something equal.
    package struct Series: Sendable, Equatable {
        package var label: String
        package var color: Int
        package var dash: Int
        package var points: [Point]

        package init(label: String, color: Int, dash: Int = 0, points: [Point]) {
            self.label = label
            self.color = color
            self.dash = dash
            self.points = points
        }
    }

    /// Bars of one colour: a length for each category of the vertical axis.
    package struct BarGroup: Sendable, Equatable {
        package var label: String
        package var color: Int
        package var bars: [(category: String, length: Double)]

        package init(label: String, color: Int, bars: [(category: String, length: Double)]) {
            self.label = label
            self.color = color
            self.bars = bars
        }

        package static func == (a: BarGroup, b: BarGroup) -> Bool {
            a.label == b.label && a.color == b.color && a.bars.elementsEqual(b.bars) { $0 == $1 }
        }
    }

    /// How often each pair of a horizontal and a vertical category was seen.
    package struct ConfusionMatrix: Sendable, Equatable {
        package var label: String
        package var pairs: [Pair]

        package struct Pair: Sendable, Hashable {
            package let x: String
            package let y: String

            package init(x: String, y: String) {
                self.x = x
                self.y = y
            }
        }

        package init(label: String, pairs: [Pair]) {
            self.label = label
            self.pairs = pairs
        }
    }
}

/// Ten colours that stay apart for most eyes, and six dashes.
enum ChartPalette {
    static let colors = [
        "#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#b279a2", "#9d755d", "#eeca3b", "#ff9da6", "#7f7f7f",
    ]
    static let dashes = ["", "6 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2"]

    static func color(_ number: Int) -> String { colors[number % colors.count] }
    static func dash(_ number: Int) -> String { dashes[number % dashes.count] }
}
