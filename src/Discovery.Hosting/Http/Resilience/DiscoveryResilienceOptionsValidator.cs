using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Http.Resilience;

internal sealed class DiscoveryResilienceOptionsValidator : IValidateOptions<DiscoveryResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, DiscoveryResilienceOptions options)
    {
        List<string> failures = [.. ResilienceRules.All.Select(rule => rule.Check(DiscoveryResilienceOptions.SectionName, options)).OfType<string>()];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
