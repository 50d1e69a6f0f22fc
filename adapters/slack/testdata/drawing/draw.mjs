// Makes a page of the drawings it is given.
import { createElement as h } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx/dist/index.mjs";
import { json } from "node:stream/consumers";

const logo = "data:image/svg+xml," + encodeURIComponent("<svg xmlns='http://www.w3.org/2000/svg'><rect width='100%' height='100%' fill='#007a5a'/></svg>");

const said = (text) => ({ type: "plain_text", text });

// What Slack does by itself, and the library does not.
function asSlackDoes(block) {
  switch (block.type) {
    case "section":
      // A verbatim text is markup all the same: only names and addresses in it are left alone.
      return { ...block, text: { ...block.text, verbatim: undefined } };
    case "input":
      return { ...block, label: said(block.label.text + (block.optional ? " (facultatif)" : "")), element: asked(block.element) };
  }
  return block;
}

// A line is asked on one line, and a list that is closed says what is chosen in it.
function asked(element) {
  switch (element.type) {
    case "plain_text_input":
      return { ...element, type: element.multiline ? element.type : "email_text_input", placeholder: said(" ") };
    case "number_input":
      return { ...element, placeholder: said(" ") };
    case "static_select":
    case "multi_static_select":
    case "users_select":
      return { ...element, placeholder: element.initial_option?.text ?? said("Sélectionner") };
  }
  return element;
}

// A drawing is a message, or a window when it has a title.
function Drawing({ name, title, submit, blocks }) {
  const frame = title ? { withoutWrapper: true } : { name: "Parcours", logo };
  return h("article", { "data-name": name },
    title && h("header", null, title, submit && h("button", null, submit)),
    h(Message, { ...frame, blocks: blocks.map(asSlackDoes), theme: "light" }));
}

const drawings = await json(process.stdin);
console.log(renderToStaticMarkup(
  h("html", { lang: "fr" },
    h("head", null,
      h("meta", { charSet: "utf-8" }),
      h("link", { rel: "stylesheet", href: "node_modules/slack-blocks-to-jsx/dist/style.css" }),
      h("link", { rel: "stylesheet", href: "frame.css" })),
    h("body", null, h("main", null, drawings.map((one) => h(Drawing, { key: one.name, ...one })))))));
