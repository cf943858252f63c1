// What an app names beside this module's own types comes with it, so that `import GPTOSS` is enough. Modules
// come whole where an app works with most of what they have; of the others come the types that options,
// properties and errors of this module are made of, and nothing else.

// Conversations and messages, JSON and schemas, sampling options, tokens.
@_exported public import GPTOSSHarmony
@_exported public import GPTOSSJSON
@_exported public import GPTOSSSampling
@_exported public import GPTOSSTokenizer

// `GPTOSSError`.
@_exported public import struct GGUF.GGUFError
// `LoadOptions`.
@_exported public import enum GPTOSSKernels.CacheElement
@_exported public import enum GPTOSSKernels.KernelSetName
@_exported public import enum GPTOSSKernels.Precision
// `LanguageModel.configuration`.
@_exported public import struct GPTOSSModel.Configuration
// `TokenVectors`.
@_exported public import struct GPTOSSModel.LayerVectors
@_exported public import enum GPTOSSModel.ModelError
@_exported public import struct GPTOSSModel.RotaryConfiguration
@_exported public import enum GPTOSSModel.WeightResidency
@_exported public import enum GPTOSSStructuredOutput.StructuredOutputError
