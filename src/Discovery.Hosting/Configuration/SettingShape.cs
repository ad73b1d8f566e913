namespace Discovery.Hosting.Configuration;

/// <summary>What may stand at a key of the configuration.</summary>
internal enum SettingShape
{
    /// <summary>Further keys.</summary>
    Section,

    /// <summary>One value.</summary>
    Value,

    /// <summary>Values that are numbered.</summary>
    List,

    /// <summary>Whatever its owner likes, who has not said what.</summary>
    Free,
}
