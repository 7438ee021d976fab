// npm's acme-client at work: `node acme_client.js ORDER`, where ORDER is JSON: directory, names, challenge, and where its answers are expected.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const tls = require('tls');
const acme = require('acme-client');

const order = JSON.parse(process.argv[2]);
const file = (name) => path.join(order.folder, name);

// What the server asks for is answered here; each returns how the answer is taken back.
const answers = {
    async 'http-01'(authz, challenge, answer) {
        const server = http.createServer((request, response) => {
            const is_asked = request.url === `/.well-known/acme-challenge/${challenge.token}`;
            response.writeHead(is_asked ? 200 : 404).end(is_asked ? answer : '');
        });
        await new Promise((done) => server.listen(order.http_port, '127.0.0.1', done));
        return () => server.close();
    },
    async 'dns-01'(authz, challenge, answer) {
        const body = JSON.stringify({ host: `_acme-challenge.${authz.identifier.value}.`, value: answer });
        await fetch(`${order.dns}/set-txt`, { method: 'POST', body });
        return () => {};
    },
    async 'tls-alpn-01'(authz, challenge, answer) {
        const [key, cert] = await acme.crypto.createAlpnCertificate(authz, answer);
        const server = tls.createServer({ key, cert, ALPNProtocols: ['acme-tls/1'] });
        await new Promise((done) => server.listen(order.tls_port, '127.0.0.1', done));
        return () => server.close();
    },
};

async function main() {
    const has_account = fs.existsSync(file('account.key'));
    const accountKey = has_account ? fs.readFileSync(file('account.key')) : await acme.crypto.createPrivateEcdsaKey();
    fs.writeFileSync(file('account.key'), accountKey);
    const options = { directoryUrl: order.directory, accountKey, backoffMin: 200, backoffMax: 1000 };
    if (order.external) options.externalAccountBinding = order.external;
    const client = new acme.Client(options);
    const createOrder = client.createOrder.bind(client);
    const extended = ({ identifiers }) => {
        const asked = { identifiers: identifiers.map((one) => ({ ...one, type: order.type || 'dns' })) };
        if (order.profile) asked.profile = order.profile;
        if (order.replaces) asked.replaces = order.replaces;
        return asked;
    };
    client.createOrder = (asked) => createOrder(extended(asked));
    if (order.revoke) {
        await client.createAccount({ termsOfServiceAgreed: true });
        await client.revokeCertificate(fs.readFileSync(order.revoke), { reason: 4 });
        return;
    }
    const [key, csr] = await acme.crypto.createCsr({ altNames: order.names }, await acme.crypto.createPrivateEcdsaKey());
    let takeBack = () => {};
    const certificate = await client.auto({
        csr,
        email: 'admin@example.com',
        termsOfServiceAgreed: true,
        skipChallengeVerification: true,
        challengePriority: [order.challenge],
        challengeCreateFn: async (...asked) => { takeBack = await answers[order.challenge](...asked); },
        challengeRemoveFn: async () => takeBack(),
    });
    fs.writeFileSync(file('key.pem'), key);
    fs.writeFileSync(file(`${order.challenge}.pem`), certificate);
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
