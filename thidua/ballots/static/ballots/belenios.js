/* The Belenios protocol in the browser: JSON format version 1, group BELENIOS-2048.
 *
 * The same as thidua/rules/ballots/belenios/ in Python; both are held against tests/ballots/vectors.json
 * and against Debian's belenios-tool. Numbers in [ ] are sections of the published specification.
 * Runs in a page and in a worker. Needs sjcl (SHA-256, PBKDF2, AES-CCM); random numbers come from the
 * browser's own crypto.getRandomValues. What the person should read is thrown as Error.
 */
"use strict";

var Belenios = (() => {
  const GROUP = "BELENIOS-2048";
  const P = BigInt(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924" +
    "2717401922237254497684338129066633138078958404960054389636289796393038773905" +
    "7228036059737494276713767776188985898727358650490811670993105358677809800307" +
    "9049165406377717376419867852727347447634183560003569830519314428456170191100" +
    "0786737307333564123971732897913240474578834468260652327974647951137672658693" +
    "5821800463179220736688600526271863633860887968821207694323661494910029234443" +
    "4637322214588410058642105024212036543356120132048111885240873107701415166620" +
    "0162313177169372189248078507711827842317498073276598828825169183103125680162" +
    "072880719");
  const G = BigInt(
    "24023526775018522092276877035323999327122876573783649165100753187876632741463" +
    "53219320285676155269678799694668298749389095083896573425601900601068477164491" +
    "73547413728310461045868131451178164675540052740288984613986453266121505579709" +
    "71620161682703128864324566638348636357821061549184199825343151897406581868686" +
    "51151358576410138882215396016043228843603930989333662772848406593138406010231" +
    "67509576377798266510360682240663507669776402534625377308513317349519424896775" +
    "40525736590494924776314759915751987751777114814909204566002054781270547282381" +
    "40972518639858334115700568353695553423781475582491896050296680037745308460627");
  const Q = BigInt("78571733251071885079927659812671450121821421258408794611510081919805623223441");
  const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const CODE_LETTERS = 14, SEED_LETTERS = 22;
  const KEY_FORMAT = "thidua-teller-key", KEY_ROUNDS = 600000, SHORTEST_PASSPHRASE = 12;
  const WINDOW = 5n, ROWS = 52;

  const fail = (sentence) => { throw new Error(sentence); };

  // --- Numbers ---------------------------------------------------------------------------------

  const modulo = (value, by) => ((value % by) + by) % by;

  function power(base, exponent) {
    let result = 1n;
    for (const bit of exponent.toString(2)) {
      result = result * result % P;
      if (bit === "1") result = result * base % P;
    }
    return result;
  }

  /* Powers of one base from a table: a product for every five bits instead of for every bit. */
  const tables = new Map();
  function fixed(base) {
    const known = tables.get(base);
    if (known) return known;
    const rows = [];
    let step = base;
    for (let row = 0; row < ROWS; row += 1) {
      const entries = [1n];
      for (let i = 1; i < 1 << Number(WINDOW); i += 1) entries.push(entries[i - 1] * step % P);
      rows.push(entries);
      step = entries[entries.length - 1] * step % P;
    }
    const raise = (exponent) => {
      let left = modulo(exponent, Q), result = 1n;
      for (const entries of rows) {
        const digit = Number(left & 31n);
        if (digit) result = result * entries[digit] % P;
        left >>= WINDOW;
      }
      return result;
    };
    tables.set(base, raise);
    return raise;
  }
  const gTo = (exponent) => fixed(G)(exponent);
  const isMember = (number) => number > 0n && number < P && power(number, Q) === 1n;

  /* A number below `bound`, each as likely: bytes of the browser, drawn again when too large. */
  function below(bound) {
    const bits = (bound - 1n).toString(2).length;
    const bytes = new Uint8Array(Math.ceil(bits / 8));
    for (;;) {
      crypto.getRandomValues(bytes);
      let value = 0n;
      for (const byte of bytes) value = (value << 8n) | BigInt(byte);
      value &= (1n << BigInt(bits)) - 1n;
      if (value < bound) return value;
    }
  }
  const drawn = (letters) => Array.from({ length: letters }, () => ALPHABET[Number(below(58n))]).join("");

  // --- Texts -----------------------------------------------------------------------------------

  const written = JSON.stringify;
  const bitsOf = (text) => sjcl.hash.sha256.hash(text);
  const hexOf = (bits) => sjcl.codec.hex.fromBits(bits);
  const hashed = (text) => BigInt("0x" + hexOf(bitsOf(text))) % Q;
  const fingerprint = (text) => sjcl.codec.base64.fromBits(bitsOf(text), true);

  function read(text, what) {
    try {
      return JSON.parse(text);
    } catch {
      return fail(`${what} bị hỏng hoặc không đúng khuôn dạng. Hãy tải lại trang.`);
    }
  }
  /* A number as the protocol writes it: decimal digits, no leading nought. */
  function number(text) {
    if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,700})$/.test(text)) {
      fail("Dữ liệu nhận được có số không đúng khuôn dạng. Hãy tải lại trang.");
    }
    return BigInt(text);
  }
  function element(text) {
    const value = number(text);
    if (value < 1n || value >= P) fail("Dữ liệu nhận được có số nằm ngoài nhóm số của giao thức.");
    return value;
  }
  const listed = (numbers) => numbers.join(",");

  // --- Proofs [4.5, 4.12, 4.13] ------------------------------------------------------------------

  const proofJson = (proof) => ({ challenge: String(proof.challenge), response: String(proof.response) });

  /* That one knows the exponent of g^secret. */
  function know(secret, context) {
    const nonce = below(Q);
    const challenge = hashed(context + gTo(nonce));
    return { challenge, response: modulo(nonce - secret * challenge, Q) };
  }
  function knows(publicKey, context, proof) {
    const challenge = number(proof.challenge), response = number(proof.response);
    if (challenge >= Q || response >= Q) return false;
    return hashed(context + gTo(response) * power(publicKey, challenge) % P) === challenge;
  }

  /* That one of the claims (a ciphertext of one's own, a number) holds; `right` is its place.
   * The others are simulated; their powers are of g and y only, since alpha = g^r, beta = y^r g^m. */
  function proveOne(context, toY, claims, right) {
    const proofs = claims.map(() => ({ challenge: below(Q), response: below(Q) }));
    const nonce = below(Q);
    const commitments = [];
    claims.forEach(({ opened, holds }, place) => {
      if (place === right) {
        commitments.push(gTo(nonce), toY(nonce));
        return;
      }
      const { challenge, response } = proofs[place];
      const joined = response + opened.randomness * challenge;
      const off = gTo(BigInt(opened.message - holds) * challenge);
      commitments.push(gTo(joined), toY(joined) * off % P);
    });
    const others = proofs.reduce((sum, one, place) => (place === right ? sum : sum + one.challenge), 0n);
    const challenge = modulo(hashed(context + listed(commitments)) - others, Q);
    proofs[right] = { challenge, response: modulo(nonce - claims[right].opened.randomness * challenge, Q) };
    return proofs.map(proofJson);
  }

  // --- Elections ---------------------------------------------------------------------------------

  function readElection(text) {
    const value = read(text, "Nội dung cuộc bỏ phiếu");
    if (value.version !== 1 || value.group !== GROUP) {
      fail("Trình duyệt chỉ bỏ phiếu được theo phiên bản 1 và nhóm " + GROUP + ".");
    }
    const y = element(value.public_key);
    if (y === 1n || !isMember(y)) fail("Khóa của cuộc bỏ phiếu không thuộc nhóm số của giao thức.");
    return { text, uuid: value.uuid, fingerprint: fingerprint(text), y, questions: value.questions };
  }

  // --- Voting codes [4.8] --------------------------------------------------------------------------

  const dashed = (letters) => letters.match(/.{3}/g).join("-");
  function checksum(letters) {
    let total = 0n;
    for (const letter of letters) total = total * 58n + BigInt(ALPHABET.indexOf(letter));
    return ALPHABET[53 - Number(total % 53n)];
  }
  function newCredential() {
    const letters = drawn(CODE_LETTERS);
    return dashed(letters + checksum(letters));
  }
  /* The code as it is written, from what a person typed; null when it is none. */
  function normalCredential(typed) {
    const letters = typed.normalize("NFKC").replace(/[\s\-\u2010-\u2015\u2212_.]+/g, "");
    if (letters.length !== CODE_LETTERS + 1) return null;
    if ([...letters].some((letter) => !ALPHABET.includes(letter))) return null;
    return checksum(letters.slice(0, -1)) === letters.at(-1) ? dashed(letters) : null;
  }
  function secretExponent(uuid, code) {
    const normal = normalCredential(code);
    if (normal === null) {
      fail("Mã phiếu gõ chưa đúng: mã có năm nhóm ba ký tự, chữ hoa khác chữ thường. Hãy xem lại mã đã ghi.");
    }
    return BigInt("0x" + hexOf(sjcl.misc.pbkdf2(normal, uuid, 1000, 256))) % Q;
  }
  const publicCredential = (uuid, code) => String(gTo(secretExponent(uuid, code)));

  // --- Ballots [4.11 – 4.15] -----------------------------------------------------------------------

  const sumOf = (opened) => ({
    randomness: modulo(opened.reduce((sum, one) => sum + one.randomness, 0n), Q),
    message: opened.reduce((sum, one) => sum + one.message, 0),
  });

  function checkChoices(question, choices) {
    const width = question.answers.length + (question.blank ? 1 : 0);
    if (choices.length !== width || choices.some((one) => one !== 0 && one !== 1)) {
      fail("Lựa chọn không khớp với nội dung bỏ phiếu. Hãy tải lại trang.");
    }
    const ticked = sumOf(choices.slice(question.blank ? 1 : 0).map((message) => ({ randomness: 0n, message })));
    const blank = question.blank && choices[0] === 1;
    if (blank ? ticked.message !== 0 : ticked.message < question.min || ticked.message > question.max) {
      fail(`“${question.question}”: hãy chọn từ ${question.min} đến ${question.max}, hoặc phiếu trắng.`);
    }
  }

  function encryptAnswer(question, toY, context, choices, done) {
    const opened = choices.map((message) => ({ randomness: below(Q), message }));
    const made = opened.map(({ randomness, message }) => ({
      alpha: gTo(randomness),
      beta: message ? toY(randomness) * G % P : toY(randomness),
    }));
    const individual = made.map(({ alpha, beta }, place) => {
      const claims = [0, 1].map((holds) => ({ opened: opened[place], holds }));
      const proofs = proveOne(`prove|${context}|${alpha},${beta}|`, toY, claims, choices[place]);
      done();
      return proofs;
    });
    const about = `${context}|${listed(made.map(({ alpha, beta }) => `${alpha},${beta}`))}|`;
    const ticked = sumOf(question.blank ? opened.slice(1) : opened);
    const range = [];
    for (let holds = question.min; holds <= question.max; holds += 1) range.push({ opened: ticked, holds });
    const answer = {
      choices: made.map(({ alpha, beta }) => ({ alpha: String(alpha), beta: String(beta) })),
      individual_proofs: individual,
    };
    if (!question.blank) {
      const alpha = made.reduce((product, one) => product * one.alpha % P, 1n);
      const beta = made.reduce((product, one) => product * one.beta % P, 1n);
      answer.overall_proof = proveOne(
        `prove|${about}${alpha},${beta}|`, toY, range, ticked.message - question.min);
      return answer;
    }
    const isBlank = choices[0];
    const blankClaims = [{ opened: opened[0], holds: 0 }, { opened: ticked, holds: 0 }];
    const blank = proveOne(`bproof0|${about}`, toY, blankClaims, isBlank);
    const right = isBlank ? 0 : 1 + ticked.message - question.min;
    answer.overall_proof = proveOne(`bproof1|${about}`, toY, [{ opened: opened[0], holds: 1 }, ...range], right);
    answer.blank_proof = blank;
    return answer;
  }

  /* The ballot of a voting code; choices per question are 0 or 1: [blank, first, second …]. */
  function encryptBallot(electionText, code, choices, onProgress) {
    const election = readElection(electionText);
    const secret = secretExponent(election.uuid, code);
    const credential = String(gTo(secret));
    if (choices.length !== election.questions.length) fail("Hãy trả lời mọi nội dung.");
    election.questions.forEach((question, place) => checkChoices(question, choices[place]));
    const toY = fixed(election.y);
    const total = choices.reduce((sum, row) => sum + row.length, 0);
    let count = 0;
    const done = () => { count += 1; if (onProgress) onProgress(count, total); };
    const context = `${election.fingerprint}|${credential}`;
    const content = {
      election_uuid: election.uuid,
      election_hash: election.fingerprint,
      credential,
      answers: election.questions.map((question, place) =>
        encryptAnswer(question, toY, context, choices[place], done)),
    };
    const hash = fingerprint(written(content));
    content.signature = { hash, proof: proofJson(know(secret, `sig|${hash}|`)) };
    const ballot = written(content);
    return { ballot, tracker: fingerprint(ballot) };
  }

  // --- Tellers' keys and private messages [4.6] ------------------------------------------------------

  const newSeed = () => drawn(SEED_LETTERS);

  function keysOf(seed) {
    if (typeof seed !== "string" || seed.length !== SEED_LETTERS || [...seed].some((one) => !ALPHABET.includes(one))) {
      fail("Tệp khóa không chứa khóa của người kiểm phiếu. Hãy chọn đúng tệp đã lưu.");
    }
    const signing = hashed(`sk|${seed}`), decryption = hashed(`dk|${seed}`);
    return { signing, decryption, verification: gTo(signing), encryption: gTo(decryption) };
  }

  const signed = (keys, message) => ({
    message, signature: proofJson(know(keys.signing, `sigmsg|${message}|`)),
  });
  function readSigned(value, verification) {
    if (!knows(verification, `sigmsg|${value.message}|`, value.signature)) {
      fail("Chữ ký của một người kiểm phiếu không đúng. Hãy lập khóa lại từ đầu.");
    }
    return value.message;
  }
  function cipherOf(shared, alpha) {
    return { aes: new sjcl.cipher.aes(bitsOf(`key|${shared}`)), iv: bitsOf(`iv|${alpha}`) };
  }

  function send(keys, recipient, message) {
    const channel = written({ recipient: String(recipient), message });
    const data = sjcl.codec.utf8String.toBits(written(signed(keys, channel)));
    const randomness = below(Q), shared = gTo(below(Q));
    const alpha = gTo(randomness);
    const { aes, iv } = cipherOf(shared, alpha);
    return written({
      alpha: String(alpha),
      beta: String(power(recipient, randomness) * shared % P),
      data: hexOf(sjcl.mode.ccm.encrypt(aes, data, iv)),
    });
  }
  function receive(keys, sender, text) {
    const sealed = read(text, "Thư mật của tổ kiểm phiếu");
    const alpha = element(sealed.alpha), beta = element(sealed.beta);
    if (!isMember(alpha) || !isMember(beta)) fail("Thư mật có số không thuộc nhóm số của giao thức.");
    const shared = beta * power(alpha, Q - keys.decryption) % P;
    const { aes, iv } = cipherOf(shared, alpha);
    let opened;
    try {
      opened = sjcl.codec.utf8String.fromBits(
        sjcl.mode.ccm.decrypt(aes, sjcl.codec.hex.toBits(sealed.data), iv));
    } catch {
      fail("Thư mật không mở được bằng khóa này: tệp khóa không phải của bạn, hoặc dữ liệu bị hỏng.");
    }
    const channel = read(readSigned(read(opened, "Thư mật"), sender), "Thư mật");
    if (channel.recipient !== String(keys.encryption)) fail("Thư mật gửi cho người khác.");
    return channel.message;
  }

  // --- The key ceremony [3.1.1, 4.6.1 – 4.6.7] --------------------------------------------------------

  function certificate(seed) {
    const keys = keysOf(seed);
    return written(signed(keys, written({
      verification: String(keys.verification), encryption: String(keys.encryption),
    })));
  }

  function readCertificate(text) {
    const value = read(text, "Chứng thư của người kiểm phiếu");
    const inner = read(value.message, "Chứng thư của người kiểm phiếu");
    const made = { verification: element(inner.verification), encryption: element(inner.encryption) };
    for (const key of Object.values(made)) {
      if (key === 1n || !isMember(key)) fail("Chứng thư có khóa không thuộc nhóm số của giao thức.");
    }
    readSigned(value, made.verification);
    return made;
  }

  /* The certificates in order; none may carry a key of another. */
  function checkCertificates(texts) {
    const all = texts.map(readCertificate);
    const keys = all.flatMap((one) => [one.verification, one.encryption]);
    if (new Set(keys).size !== keys.length) fail("Hai người kiểm phiếu có cùng một khóa. Hãy lập khóa lại từ đầu.");
    return all;
  }
  function placeOf(keys, certificates) {
    const place = certificates.findIndex(
      (one) => one.verification === keys.verification && one.encryption === keys.encryption);
    if (place < 0) fail("Tệp khóa này không phải tệp đã lập ở bước 1. Hãy chọn đúng tệp đã lưu.");
    return place;
  }
  const valueAt = (coefficients, at) =>
    coefficients.reduceRight((total, one) => modulo(total * BigInt(at) + one, Q), 0n);

  function polynomial(seed, certificates, threshold) {
    const keys = keysOf(seed), all = checkCertificates(certificates);
    placeOf(keys, all);
    const secret = Array.from({ length: threshold }, () => below(Q));
    return written({
      polynomial: send(keys, keys.encryption, written({ polynomial: secret.map(String) })),
      secrets: all.map((one, place) =>
        send(keys, one.encryption, written({ secret: String(valueAt(secret, place + 1)) }))),
      coefexps: signed(keys, written({ coefexps: secret.map((one) => String(gTo(one))) })),
    });
  }

  /* The teller's decryption key, after checking what everybody contributed. */
  function voutput(seed, certificates, vinputText, threshold) {
    const keys = keysOf(seed), all = checkCertificates(certificates);
    const place = placeOf(keys, all);
    const given = read(vinputText, "Phần khóa của cả tổ");
    if (given.secrets.length !== all.length || given.coefexps.length !== all.length) {
      fail("Phần khóa của cả tổ còn thiếu. Hãy tải lại trang.");
    }
    const coefficients = given.coefexps.map((one, owner) => {
      const inner = read(readSigned(one, all[owner].verification), "Phần khóa của cả tổ");
      const numbers = inner.coefexps.map(element);
      if (numbers.length !== threshold || numbers[0] === 1n || !numbers.every(isMember)) {
        fail(`Phần khóa của người kiểm phiếu số ${owner + 1} không đúng. Hãy lập khóa lại từ đầu.`);
      }
      return numbers;
    });
    const own = read(receive(keys, keys.verification, given.polynomial), "Phần khóa của bạn");
    if (own.polynomial.some((one, i) => gTo(number(one)) !== coefficients[place][i])) {
      fail("Phần khóa của chính bạn đã bị thay đổi. Hãy lập khóa lại từ đầu.");
    }
    let total = 0n;
    given.secrets.forEach((text, owner) => {
      const inner = read(receive(keys, all[owner].verification, text), "Phần khóa nhận được");
      const secret = number(inner.secret);
      if (gTo(secret) !== publicValue(coefficients[owner], place + 1)) {
        fail(`Giá trị nhận từ người kiểm phiếu số ${owner + 1} không khớp cam kết. Hãy lập khóa lại từ đầu.`);
      }
      total = modulo(total + secret, Q);
    });
    const publicKey = gTo(total);
    if (publicKey === 1n) fail("Khóa chung bằng không. Hãy lập khóa lại từ đầu.");
    return written({
      private_key: send(keys, keys.encryption, written({ decryption_key: String(total) })),
      public_key: {
        pok: proofJson(know(total, `pok|${GROUP}|${publicKey}|`)),
        public_key: String(publicKey),
      },
    });
  }
  const publicValue = (coefficients, at) =>
    coefficients.reduceRight((total, one) => power(total, BigInt(at)) * one % P, 1n);

  // --- Counting [4.16 – 4.19] ---------------------------------------------------------------------------

  /* The product of the published ballots, which the teller's own browser forms before it opens anything. */
  function sumOfBallots(electionText, ballots) {
    const election = readElection(electionText);
    const read_ = ballots.map((text) => read(text, "Một lá phiếu trong hòm"));
    if (new Set(read_.map((one) => one.credential)).size !== ballots.length) {
      fail("Hòm phiếu có hai lá phiếu của cùng một mã. Đừng mở phiếu; hãy báo người điều hành kiểm phiếu.");
    }
    if (read_.some((one) => one.election_hash !== election.fingerprint)) {
      fail("Hòm phiếu có lá phiếu của cuộc bỏ phiếu khác. Đừng mở phiếu; hãy báo người điều hành kiểm phiếu.");
    }
    return written(election.questions.map((question, place) => {
      const width = question.answers.length + (question.blank ? 1 : 0);
      return Array.from({ length: width }, (_, column) => {
        const product = (name) => String(read_.reduce(
          (total, one) => total * element(one.answers[place].choices[column][name]) % P, 1n));
        return { alpha: product("alpha"), beta: product("beta") };
      });
    }));
  }

  function secretKey({ trustees, seed, owner, privateKey }) {
    const [[kind, made]] = read(trustees, "Khóa của tổ kiểm phiếu");
    if (kind !== "Pedersen") fail("Chỉ dùng được khóa chia cho tổ kiểm phiếu theo ngưỡng.");
    const keys = keysOf(seed);
    const verification = element(read(made.certs[owner - 1].message, "Chứng thư").verification);
    if (verification !== keys.verification) fail("Tệp khóa này không phải của bạn trong cuộc bỏ phiếu này.");
    const secret = number(read(receive(keys, keys.verification, privateKey), "Khóa").decryption_key);
    if (gTo(secret) !== element(made.verification_keys[owner - 1].public_key)) {
      fail("Khóa mở phiếu không khớp với khóa đã công bố. Đừng mở phiếu; hãy báo người điều hành.");
    }
    return secret;
  }

  function decrypt(context, secret, sums) {
    const publicKey = gTo(secret);
    const prove = (alpha) => {
      const nonce = below(Q);
      const challenge = hashed(`decrypt|${context}|${publicKey}|${gTo(nonce)},${power(alpha, nonce)}`);
      return proofJson({ challenge, response: modulo(nonce - secret * challenge, Q) });
    };
    const alphas = sums.map((row) => row.map((one) => element(one.alpha)));
    return written({
      decryption_factors: alphas.map((row) => row.map((alpha) => String(power(alpha, secret)))),
      decryption_proofs: alphas.map((row) => row.map(prove)),
    });
  }

  function partialDecryption({ election, trustees, seed, owner, privateKey, tally }) {
    const secret = secretKey({ trustees, seed, owner, privateKey });
    return decrypt(fingerprint(election), secret, read(tally, "Tổng phiếu"));
  }

  /* The rehearsal's number shows its own randomness; anything else might be somebody's ballot. */
  function rehearsalPartial({ publicKey, rehearsal, trustees, seed, owner, privateKey }) {
    const mock = read(rehearsal, "Số diễn tập");
    const y = element(publicKey), r = number(mock.r);
    const beta = power(y, r) * power(G, BigInt(mock.m)) % P;
    if (String(gTo(r)) !== mock.alpha || String(beta) !== mock.beta) {
      fail("Số diễn tập không khớp phần mã hóa, có thể đây là lá phiếu thật. Đừng mở; hãy báo người điều hành.");
    }
    return decrypt("rehearsal", secretKey({ trustees, seed, owner, privateKey }), [[mock]]);
  }

  // --- The teller's key as a file with a passphrase ---------------------------------------------------------

  const toBase64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const utf8 = (text) => new TextEncoder().encode(text);
  const aboutKey = (uuid, owner) => utf8(`${KEY_FORMAT}|1|${uuid}|${owner}`);
  const NO_CRYPTO =
    "Trình duyệt không cho mã hóa vì trang không mở bằng https. Hãy mở đúng địa chỉ https của phần mềm.";
  const WRONG_FILE = "Tệp đã chọn không phải tệp khóa của người kiểm phiếu, hoặc bị hỏng. Hãy chọn đúng tệp đã lưu.";

  async function fileKey(passphrase, salt) {
    if (!crypto.subtle) fail(NO_CRYPTO);
    const raw = await crypto.subtle.importKey(
      "raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations: KEY_ROUNDS }, raw,
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  async function lockKey({ seed, uuid, owner }, passphrase) {
    keysOf(seed);
    if ([...passphrase.normalize("NFC")].length < SHORTEST_PASSPHRASE) {
      fail(`Mật khẩu của tệp khóa phải dài ít nhất ${SHORTEST_PASSPHRASE} ký tự. Hãy chọn vài từ dễ nhớ.`);
    }
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const key = await fileKey(passphrase, salt);
    const data = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: aboutKey(uuid, owner) }, key, utf8(seed));
    return written({
      format: KEY_FORMAT, version: 1, uuid, owner,
      kdf: "PBKDF2-HMAC-SHA256", iterations: KEY_ROUNDS, salt: toBase64(salt),
      cipher: "AES-256-GCM", nonce: toBase64(nonce), data: toBase64(data),
    });
  }

  async function openKey(text, passphrase, uuid) {
    let value = null;
    try {
      value = JSON.parse(text);
    } catch {
      fail(WRONG_FILE);
    }
    if (!value || value.format !== KEY_FORMAT || value.version !== 1 || value.iterations !== KEY_ROUNDS) fail(WRONG_FILE);
    if (value.uuid !== uuid) {
      fail("Tệp khóa này của một cuộc bỏ phiếu khác. Hãy chọn tệp đã lưu khi lập khóa cho cuộc này.");
    }
    let salt, nonce, data;
    try {
      [salt, nonce, data] = [value.salt, value.nonce, value.data].map(fromBase64);
    } catch {
      fail(WRONG_FILE);
    }
    const key = await fileKey(passphrase, salt);
    try {
      const seed = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: nonce, additionalData: aboutKey(uuid, value.owner) }, key, data);
      return { seed: new TextDecoder().decode(seed), owner: value.owner };
    } catch {
      return fail("Mật khẩu không đúng, hoặc tệp khóa đã bị sửa. Hãy gõ lại mật khẩu.");
    }
  }

  return {
    readElection, newCredential, normalCredential, publicCredential, encryptBallot,
    newSeed, certificate, checkCertificates, polynomial, voutput,
    sumOfBallots, partialDecryption, rehearsalPartial, lockKey, openKey,
  };
})();
