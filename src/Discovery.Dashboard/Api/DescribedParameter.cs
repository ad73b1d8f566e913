using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Discovery.Dashboard.Api;

/// <summary>A parameter of an endpoint, for those who describe it.</summary>
internal sealed class DescribedParameter(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name ?? "";

    public bool HasTryParse => parameter.ParameterType != typeof(string);

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    /// <summary>All but those in the path may be left out.</summary>
    public bool IsOptional => parameter.HasDefaultValue;
}
