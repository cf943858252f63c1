// What an app names beside this module's own types comes with it: conversations and messages, sampling
// options, tokens.
@_exported public import GPTOSSHarmony
@_exported public import GPTOSSJSON
@_exported public import GPTOSSSampling
@_exported public import GPTOSSTokenizer
