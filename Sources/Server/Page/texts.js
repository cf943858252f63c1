// Every text of the page: English, Japanese. `{name}` is filled in.

const table = {
  skip: ["Skip to the message field", "入力欄へ移動"],
  conversations: ["Conversations", "会話一覧"],
  conversation: ["Conversation", "会話"],
  newConversation: ["New conversation", "新しい会話"],
  untitled: ["Untitled", "無題"],
  export: ["Export", "書き出し"],
  import: ["Import", "読み込み"],
  imported: ["Imported: {count}", "読み込みました: {count} 件"],
  notImported: ["This file holds no conversations of this page.", "このページの会話ファイルではありません。"],
  remove: ["Delete", "削除"],
  removeThis: ["Delete “{title}”", "「{title}」を削除"],
  removeSure: ["Delete the conversation “{title}”? This cannot be undone.", "会話「{title}」を削除しますか? 元に戻せません。"],
  model: ["Model", "モデル"],
  models: ["Models", "モデル"],
  settings: ["Settings", "設定"],
  settingsNote: ["For this conversation.", "この会話だけに使います。"],
  save: ["Save", "保存"],
  cancel: ["Cancel", "キャンセル"],
  close: ["Close", "閉じる"],
  message: ["Message", "メッセージ"],
  messageHint: ["Write a message", "メッセージを入力"],
  messageKeys: ["Enter sends, Shift-Enter starts a line, Escape stops an answer", "Enter で送信、Shift+Enter で改行、Esc で停止"],
  send: ["Send", "送信"],
  stop: ["Stop", "停止"],
  welcome: ["What would you like to know?", "何を知りたいですか?"],
  welcomeNote: ["The model runs on this server. Conversations stay in this browser.",
    "モデルはこのサーバーで動きます。会話はこのブラウザーだけに保存されます。"],
  you: ["You", "あなた"],
  assistant: ["Assistant", "アシスタント"],
  edit: ["Edit", "編集"],
  editSend: ["Send again", "送り直す"],
  editNote: ["What follows this message is replaced.", "このメッセージより後は置き換わります。"],
  regenerate: ["Answer again", "再生成"],
  retry: ["Try again", "再試行"],
  copy: ["Copy", "コピー"],
  copied: ["Copied", "コピーしました"],
  notCopied: ["The browser did not copy it.", "コピーできませんでした。"],
  inside: ["Look inside", "中を見る"],
  insideStop: ["Looking inside … Stop", "中を調べています … 停止"],
  insideWait: ["The model reads this answer once more, to show what happened inside.",
    "中で起きたことを示すため、モデルがこの回答をもう一度読んでいます。"],
  insideOpen: ["See what happened inside (new tab)", "中で起きたことを見る(新しいタブ)"],
  insideReady: ["What happened inside can be seen now.", "中で起きたことを見られるようになりました。"],
  code: ["Code", "コード"],
  table: ["Table", "表"],
  image: ["image (not loaded)", "画像(読み込みません)"],
  thinking: ["Thinking …", "思考中 …"],
  thought: ["Thought for {seconds} s", "思考時間 {seconds} 秒"],
  reading: ["Reading the prompt: {read} of {all} tokens", "プロンプトを読み込み中: {read} / {all} トークン"],
  waiting: ["Waiting for the model …", "モデルを待っています …"],
  answering: ["The model is answering.", "回答中です。"],
  done: ["The answer is complete.", "回答が終わりました。"],
  stopped: ["Stopped.", "停止しました。"],
  length: ["The answer ended at the token limit.", "トークン数の上限で終わりました。"],
  repetition: ["The answer was ended because it repeated itself.", "同じ内容を繰り返したため終了しました。"],
  broken: ["The connection to the server broke in the middle of an answer. What came before is kept.",
    "回答の途中でサーバーとの接続が切れました。届いた分は残してあります。"],
  unreachable: ["The server does not answer. Is it running?", "サーバーが応答しません。動いていますか?"],
  back: ["The server answers again.", "サーバーが再び応答しました。"],
  elsewhere: ["Another tab is answering in this conversation.", "この会話は別のタブで回答中です。"],
  failed: ["The server reported: {problem}", "サーバーからの報告: {problem}"],
  notKept: ["The browser does not keep this conversation: {problem}", "会話をブラウザーに保存できません: {problem}"],
  speed: ["{tokens} tokens, {speed} tokens/s, first after {first} s", "{tokens} トークン、{speed} トークン/秒、最初まで {first} 秒"],
  context: ["Context: {used} of {all} tokens ({share} %)", "コンテキスト: {used} / {all} トークン({share} %)"],
  contextOnly: ["Context: {used} tokens", "コンテキスト: {used} トークン"],
  noModel: ["There is no model here. Download one under Models.", "モデルがありません。「モデル」からダウンロードしてください。"],
  loaded: ["loaded", "読み込み済み"],
  loading: ["loading …", "読み込み中 …"],
  unloading: ["unloading …", "解放中 …"],
  notLoaded: ["not loaded", "未読み込み"],
  load: ["Load", "読み込む"],
  unload: ["Unload", "解放する"],
  loadThis: ["Load {name}", "{name} を読み込む"],
  unloadThis: ["Unload {name}", "{name} を解放する"],
  size: ["{size} on disk, context {context}", "ファイル {size}、コンテキスト {context}"],
  memory: ["memory {size}", "メモリ {size}"],
  contextLength: ["Context in tokens", "コンテキスト(トークン)"],
  estimate: ["Needs about {size} of memory; all models may take {limit}", "必要メモリ 約 {size}(全モデルの上限 {limit})"],
  download: ["Download", "ダウンロード"],
  downloadName: ["Download a model by name", "名前を指定してモデルをダウンロード"],
  downloading: ["{name}: {done} of {all}, {speed}/s", "{name}: {done} / {all}、{speed}/秒"],
  downloaded: ["{name}: complete", "{name}: 完了"],
  downloadPaused: ["{name}: stopped at {done} of {all}", "{name}: {done} / {all} で停止中"],
  downloadFailed: ["{name}: {problem}", "{name}: {problem}"],
  downloadGone: ["{name}: the server no longer knows this download.", "{name}: サーバーはこのダウンロードを覚えていません。"],
  stopThis: ["Stop the download of {name}", "{name} のダウンロードを停止"],
  resume: ["Resume", "再開"],
  resumeThis: ["Resume {name}", "{name} を再開"],
  instructions: ["System prompt", "システムプロンプト"],
  effort: ["Reasoning effort", "思考の深さ"],
  budget: ["Reasoning budget (tokens, 30s, none)", "思考の上限(トークン数、30s、none)"],
  low: ["low", "低"], medium: ["medium", "中"], high: ["high", "高"],
  temperature: ["Temperature (0 to 2)", "温度(0〜2)"],
  topP: ["Top-p (0 to 1)", "Top-p(0〜1)"],
  topK: ["Top-k", "Top-k"],
  minP: ["Min-p (0 to 1)", "Min-p(0〜1)"],
  seed: ["Seed", "シード"],
  maxTokens: ["Most tokens of an answer", "回答の最大トークン数"],
  schema: ["JSON schema of the answer", "回答の JSON スキーマ"],
  schemaBad: ["The schema is not JSON: {problem}", "スキーマが JSON ではありません: {problem}"],
  usual: ["default", "既定"],
  servers: ["Tools of MCP servers", "MCP サーバーのツール"],
  serversNote: ["They ask before they run.", "実行前に確認します。"],
  serversAsked: ["Asking the server …", "サーバーに問い合わせ中 …"],
  noServers: ["There are none. Start the server with gptoss serve --mcp mcp.json.",
    "ありません。gptoss serve --mcp mcp.json で起動してください。"],
  serverCost: ["{count} tools, {tokens} tokens", "ツール {count} 個、{tokens} トークン"],
  serverTools: ["{count} tools", "ツール {count} 個"],
  serverStarting: ["starting …", "起動中 …"],
  serverDisabled: ["turned off in mcp.json", "mcp.json で無効です"],
  serverUnknown: ["not in the server's mcp.json", "サーバーの mcp.json にありません"],
  toolsOf: ["Tools of {label}", "{label} のツール"],
  toolCost: ["({tokens} tokens)", "({tokens} トークン)"],
  tools: ["{label}: {count} tools", "{label}: ツール {count} 個"],
  toolsFailed: ["{label}: {problem}", "{label}: {problem}"],
  call: ["Call to {tool}", "{tool} の呼び出し"],
  asks: ["The model wants to call {tool} of {label}:", "モデルが {label} の {tool} を呼び出そうとしています:"],
  once: ["Allow once", "今回だけ許可"],
  always: ["Always in this conversation", "この会話では常に許可"],
  no: ["No", "許可しない"],
  declined: ["Declined.", "許可しませんでした。"],
  arguments: ["Arguments", "引数"],
  result: ["Result", "結果"],
  problem: ["Problem", "問題"],
  key: ["API key", "API キー"],
  keyTitle: ["This server asks for a key", "API キーが必要です"],
  keyNote: ["It is what gptoss serve printed or was given with --api-key. This tab keeps it until it is closed.",
    "gptoss serve が表示した、または --api-key で指定したキーです。このタブを閉じるまで保持されます。"],
};

const column = (navigator.languages?.[0] ?? navigator.language ?? "en").toLowerCase().startsWith("ja") ? 1 : 0;
export const language = ["en", "ja"][column];

/** The text of a key in the browser's language. */
export function text(key, values = {}) {
  return table[key][column].replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);
}

export const number = (value, digits = 0) =>
  value.toLocaleString(language, { maximumFractionDigits: digits });

/** A size in bytes for people. */
export function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) { count /= 1000; unit += 1; }
  return `${number(count, unit > 1 ? 1 : 0)} ${units[unit]}`;
}

/** Fills in the texts that the HTML names. */
export function fillIn(root) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
  for (const node of root.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  for (const node of root.querySelectorAll("[data-title]")) node.title = text(node.dataset.title);
}
