// Asks the phone once where it is, after a registration and only where its owner agreed. Refusing costs nothing.
(function () {
  "use strict";

  var line = document.getElementById("place");
  if (!line || !navigator.geolocation) return;
  var address = line.getAttribute("data-place");
  var asked = "place:" + address;
  try {
    if (sessionStorage.getItem(asked)) return;
    sessionStorage.setItem(asked, "1");
  } catch (_refused) {
    // Without storage nobody remembers that it was asked: better never than again and again.
    return;
  }

  // Four decimals are about eleven metres: no more leaves the phone.
  function rough(degrees) {
    return degrees.toFixed(4);
  }

  function say(words) {
    if (words) line.textContent = words;
  }

  navigator.geolocation.getCurrentPosition(
    function (found) {
      var form = new FormData();
      form.append("latitude", rough(found.coords.latitude));
      form.append("longitude", rough(found.coords.longitude));
      form.append("accuracy", String(Math.round(found.coords.accuracy)));
      fetch(address, { method: "POST", body: form, headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (kept) { say(kept ? kept.text : line.getAttribute("data-refused")); })
        .catch(function () { say(line.getAttribute("data-refused")); });
    },
    function () { say(line.getAttribute("data-refused")); },
    { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 }
  );
})();
