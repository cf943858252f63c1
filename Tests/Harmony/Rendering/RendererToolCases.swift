import GPTOSSHarmony
import GPTOSSJSON

/// Prompts with tools, from OpenAI's own tests.
extension RendererTests {
  private static let systemTop = """
    <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
    Knowledge cutoff: 2024-06
    Current date: 2025-06-28

    Reasoning: medium
    """

  private static let channels =
    "# Valid channels: analysis, commentary, final. Channel must be included for every message."

  private static let browser = """
    ## browser

    // Tool for browsing.
    // The `cursor` appears in brackets before each browsing display: `[{cursor}]`.
    // Cite information from the tool using the following format:
    // `【{cursor}†L{line_start}(-L{line_end})?】`, for example: `【6†L9-L11】` or `【8†L3】`.
    // Do not quote more than 10 words directly from the tool output.
    // sources=web (default: web)
    namespace browser {

    // Searches for information related to `query` and displays `topn` results.
    type search = (_: {
    query: string,
    topn?: number, // default: 10
    source?: string,
    }) => any;

    // Opens the link `id` from the page indicated by `cursor` starting at line number `loc`, showing `num_lines` lines.
    // Valid link ids are displayed with the formatting: `【{id}†.*】`.
    // If `cursor` is not provided, the most recent page is implied.
    // If `id` is a string, it is treated as a fully qualified URL associated with `source`.
    // If `loc` is not provided, the viewport will be positioned at the beginning of the document or centered on \
    the most relevant passage, if available.
    // Use this function without `id` to scroll to a new location of an opened page.
    type open = (_: {
    id?: number | string, // default: -1
    cursor?: number, // default: -1
    loc?: number, // default: -1
    num_lines?: number, // default: -1
    view_source?: boolean, // default: false
    source?: string,
    }) => any;

    // Finds exact matches of `pattern` in the current page, or the page given by `cursor`.
    type find = (_: {
    pattern: string,
    cursor?: number, // default: -1
    }) => any;

    } // namespace browser
    """

  private static let python = """
    ## python

    Use this tool to execute Python code in your chain of thought. The code will not be shown to the user. \
    This tool should be used for internal reasoning, but not for code that is intended to be visible to the \
    user (e.g. when creating plots, tables, or files).

    When you send a message containing Python code to python, it will be executed in a stateful Jupyter \
    notebook environment. python will respond with the output of the execution or time out after 120.0 \
    seconds. The drive at '/mnt/data' can be used to save and persist user files. Internet access for this \
    session is UNKNOWN. Depends on the cluster.
    """

  static let toolCases = [
    Case(
      name: "test_no_tools",
      messages: [.system(SystemContent(conversationStartDate: "2025-06-28"))],
      prompt: "\(systemTop)\n\n\(channels)<|end|><|start|>assistant"),
    Case(
      name: "test_browser_tool_only",
      messages: [.system(SystemContent(conversationStartDate: "2025-06-28", tools: [.browser]))],
      prompt: "\(systemTop)\n\n# Tools\n\n\(browser)\n\n\(channels)<|end|><|start|>assistant"),
    Case(
      name: "test_browser_and_python_tool",
      messages: [.system(SystemContent(conversationStartDate: "2025-06-28", tools: [.python, .browser]))],
      prompt: "\(systemTop)\n\n# Tools\n\n\(browser)\n\n\(python)\n\n\(channels)<|end|><|start|>assistant"),
    Case(
      name: "test_browser_and_function_tool",
      messages: [
        .system(SystemContent(conversationStartDate: "2025-06-28", tools: [.browser])),
        .developer(
          DeveloperContent(functions: [
            ToolDescription(
              name: "lookup_weather",
              description: """
                Use this tool to lookup the weather in a given location. Call it with the parameter 'location', \
                can be any textual description of a location.
                """,
              parameters: [
                "type": "object", "properties": ["location": ["type": "string"]], "required": ["location"],
              ])
          ])),
      ],
      prompt: """
        \(systemTop)

        # Tools

        \(browser)

        \(channels)
        Calls to these tools must go to the commentary channel: 'functions'.<|end|><|start|>developer<|message|>\
        # Tools

        ## functions

        namespace functions {

        // Use this tool to lookup the weather in a given location. Call it with the parameter 'location', can be \
        any textual description of a location.
        type lookup_weather = (_: {
        location: string,
        }) => any;

        } // namespace functions<|end|><|start|>assistant
        """),
    Case(
      name: "test_render_functions_with_parameters",
      messages: [
        .system(SystemContent(reasoningEffort: .high, conversationStartDate: "2025-06-28")),
        .developer(DeveloperContent(instructions: "Always respond in riddles", functions: functions)),
        Message(.user, "What is the weather like in SF?"),
      ],
      prompt: """
        <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
        Knowledge cutoff: 2024-06
        Current date: 2025-06-28

        Reasoning: high

        \(channels)
        Calls to these tools must go to the commentary channel: 'functions'.<|end|><|start|>developer<|message|>\
        # Instructions

        Always respond in riddles

        # Tools

        ## functions

        namespace functions {

        // Gets the location of the user.
        type get_location = () => any;

        // Gets the current weather in the provided location.
        type get_current_weather = (_: {
        // The city and state, e.g. San Francisco, CA
        location: string,
        format?: "celsius" | "fahrenheit", // default: celsius
        }) => any;

        // Gets the current weather in the provided list of locations.
        type get_multiple_weathers = (_: {
        // List of city and state, e.g. ["San Francisco, CA", "New York, NY"]
        locations: string[],
        format?: "celsius" | "fahrenheit", // default: celsius
        }) => any;

        // A function with various complex schemas.
        type kitchensink = (_: // params object
        {
        // STRING
        //
        // A string
        // Examples:
        // - "hello"
        // - "world"
        string?: string,
        // A nullable string
        string_nullable?: string | null, // default: "the default"
        string_enum?: "a" | "b" | "c",
        // a oneof
        // default: 20
        oneof_string_or_number?:
         | string // default: "default_string_in_oneof"
         | number // numbers can happen too
        ,
        }) => any;

        } // namespace functions<|end|><|start|>user<|message|>What is the weather like in SF?<|end|>\
        <|start|>assistant
        """),
  ]

  /// As openai-harmony 0.0.8 renders it: namespaces in the order of their names, `functions` alone announced.
  static let namespaceCases = [
    Case(
      name: "namespaces and a tool that takes text",
      messages: [
        .system(SystemContent(conversationStartDate: "2025-06-28")),
        .developer(
          DeveloperContent(
            tools: ToolNamespaces([
              .functions([ToolDescription(name: "exec", description: "Runs code.", text: .any)]),
              ToolNamespace(
                name: "crm", description: "Customers of the shop.",
                tools: [
                  ToolDescription(
                    name: "find", description: "Finds a customer.",
                    parameters: [
                      "type": "object", "properties": ["name": ["type": "string"]], "required": ["name"],
                    ])
                ]),
            ]))),
        Message(
          .assistant, #"{"name":"A"}"#, channel: .commentary, recipient: "crm.find",
          contentType: "<|constrain|>json"),
        .toolResult("none", from: "crm.find"),
        Message(.assistant, "text(1)", channel: .commentary, recipient: "functions.exec"),
      ],
      prompt: """
        \(systemTop)

        \(channels)
        Calls to these tools must go to the commentary channel: 'functions'.<|end|><|start|>developer<|message|>\
        # Tools

        ## crm

        // Customers of the shop.
        namespace crm {

        // Finds a customer.
        type find = (_: {
        name: string,
        }) => any;

        } // namespace crm

        ## functions

        namespace functions {

        // Runs code.
        type exec = (_: string) => any;

        } // namespace functions<|end|>\
        <|start|>assistant to=crm.find<|channel|>commentary <|constrain|>json<|message|>{"name":"A"}<|call|>\
        <|start|>crm.find to=assistant<|channel|>commentary<|message|>none<|end|>\
        <|start|>assistant to=functions.exec<|channel|>commentary<|message|>text(1)<|call|><|start|>assistant
        """)
  ]

  private static let format: JSONValue = [
    "type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius",
  ]

  private static let functions = [
    ToolDescription(name: "get_location", description: "Gets the location of the user."),
    ToolDescription(
      name: "get_current_weather", description: "Gets the current weather in the provided location.",
      parameters: [
        "type": "object",
        "properties": [
          "location": ["type": "string", "description": "The city and state, e.g. San Francisco, CA"],
          "format": format,
        ],
        "required": ["location"],
      ]),
    ToolDescription(
      name: "get_multiple_weathers",
      description: "Gets the current weather in the provided list of locations.",
      parameters: [
        "type": "object",
        "properties": [
          "locations": [
            "type": "array", "items": ["type": "string"],
            "description": #"List of city and state, e.g. ["San Francisco, CA", "New York, NY"]"#,
          ],
          "format": format,
        ],
        "required": ["locations"],
      ]),
    ToolDescription(
      name: "kitchensink", description: "A function with various complex schemas.",
      parameters: [
        "description": "params object",
        "type": "object",
        "properties": [
          "string": [
            "type": "string", "title": "STRING", "description": "A string", "examples": ["hello", "world"],
          ],
          "string_nullable": [
            "type": "string", "nullable": true, "description": "A nullable string", "default": "the default",
          ],
          "string_enum": ["type": "string", "enum": ["a", "b", "c"]],
          "oneof_string_or_number": [
            "oneOf": [
              ["type": "string", "default": "default_string_in_oneof"],
              ["type": "number", "description": "numbers can happen too"],
            ],
            "description": "a oneof",
            "default": 20,
          ],
        ],
      ]),
  ]
}
