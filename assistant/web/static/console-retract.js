// Taking back an answer that was given, from the console of the room: for who may approve. It stops
// here and wherever else it was given; its correction is a new case of the review desk.
import { ask } from "./console-ask.js";
import { once } from "./review-api.js";

const MOST = 200;

async function carry(question_id, said) {
  const reason = said.trim();
  if (!reason) throw new Error("请写明哪里有误，会记入撤回记录");
  await once("/withdrawals", { question_id, reason });
}

export function retract(question) {
  return ask({
    title: "撤回这条答复？",
    about: `“${question.text}”的答复：${question.answer}\n撤回后立即停止播出，不再这样答；收到过的网友会收到更正，更正由复核员批准。`,
    text: "", most: MOST, hint: "哪里有误，例如：收费标准已经变了",
    choices: [["撤回答复", (reason) => carry(question.id, reason)]],
  });
}
