/** Names, tags, annotations and reasons that mean harm: a page shows each of them as it is. */
export const HOSTILE: readonly string[] = [
  "<script>alert(1)</script>",
  "</title></svg><img src=x onerror=alert(1)>",
  `" onmouseover="alert(1)`,
  "' onfocus='alert(1)' autofocus='",
  "<hx-partial hx-target='#main'>gone</hx-partial>",
  "javascript:alert(1)",
  "&lt;b&gt; &amp; &#60;",
  "]]>--><!--",
  "\u202Egnp.exe",
  "a\u0000b",
];
