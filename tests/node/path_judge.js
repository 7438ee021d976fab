// Whether Node's TLS takes a certificate for a host. Cases and answers as in tests/python/path_judges.py; the path is OpenSSL's to judge.
"use strict";
const { X509Certificate } = require("node:crypto");
const tls = require("node:tls");

function judge(line) {
  const [, , name, target] = line.split("\t");
  let certificate;
  try {
    certificate = new X509Certificate(Buffer.from(target, "hex")).toLegacyObject();
  } catch (problem) {
    return `no ${problem.message}`;
  }
  const refusal = name && tls.checkServerIdentity(name, certificate);
  return refusal ? `no ${refusal.message}` : "yes";
}

const lines = require("node:fs").readFileSync(0, "utf8").split("\n");
console.log(lines.filter((line) => line).map(judge).map((said) => said.replaceAll("\n", " ")).join("\n"));
