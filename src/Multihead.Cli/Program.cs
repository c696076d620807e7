using Multihead.Cli.Commands;
using Multihead.Cli.Shell;

return ToolRunner.Run(CommandList.CreateRoot(), args);
