using System.Globalization;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>Something that is measured again and again and must not grow for ever.</summary>
/// <param name="name">What it is, with its unit.</param>
/// <param name="share">What part of its size it may have grown by over the second half of the time.</param>
/// <param name="slack">What it may have grown by however small it is.</param>
internal sealed class Series(string name, double share, double slack)
{
    private readonly List<(double At, double Value)> _points = [];

    public string Name => name;

    /// <summary>The median of the second half.</summary>
    public double Typical => Median([.. SecondHalf.Select(point => point.Value)]);

    /// <summary>The median of the first tenth.</summary>
    public double First => Median([.. _points.Take(Math.Max(1, _points.Count / 10)).Select(point => point.Value)]);

    public double Highest => _points.Select(point => point.Value).DefaultIfEmpty(double.NaN).Max();

    /// <summary>By how much it has grown over the second half: the median of the slopes between each two points (Theil and Sen), which single peaks do not sway.</summary>
    public double Growth
    {
        get
        {
            var half = SecondHalf;
            var slopes = half.SelectMany((from, i) => half.Skip(i + 1).Select(to => (to.Value - from.Value) / (to.At - from.At))).ToList();
            return slopes.Count == 0 ? 0 : Median(slopes) * (half[^1].At - half[0].At);
        }
    }

    public double Allowed => Math.Max(share * Typical, slack);

    private List<(double At, double Value)> SecondHalf => _points.Count == 0 ? [] : [.. _points.Where(point => point.At >= _points[^1].At / 2)];

    public void Add(TimeSpan at, double value) => _points.Add((at.TotalSeconds, value));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"| {Name} | {First:0.#} | {Typical:0.#} | {Highest:0.#} | {Growth:+0.##;-0.##;0} | {Allowed:0.#} |");

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
