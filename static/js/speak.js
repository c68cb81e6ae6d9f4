// Reads the confirmation aloud when asked. The button appears only where this phone has a voice for the language.
(function () {
  "use strict";

  var button = document.getElementById("speak");
  var voices = window.speechSynthesis;
  if (!button || !voices) return;
  var language = document.documentElement.lang;

  function voice() {
    var able = voices.getVoices().filter(function (one) { return one.lang.toLowerCase().split(/[-_]/)[0] === language; });
    // A voice of the phone itself speaks without signal, and tells nobody what it says.
    return able.find(function (one) { return one.localService; }) || able[0];
  }

  function offer() {
    button.hidden = !voice();
  }

  function words() {
    var receipt = button.closest(".receipt");
    return Array.prototype.map.call(receipt.querySelectorAll("h1, .words, #journey-text"), function (part) {
      return part.textContent.trim();
    }).join(". ");
  }

  function pressed(now) {
    button.setAttribute("aria-pressed", String(now));
  }

  button.addEventListener("click", function () {
    var isSpeaking = button.getAttribute("aria-pressed") === "true";
    voices.cancel();
    pressed(false);
    if (isSpeaking) return;
    var speech = new SpeechSynthesisUtterance(words());
    speech.voice = voice();
    speech.lang = speech.voice ? speech.voice.lang : language;
    speech.onend = speech.onerror = function () { pressed(false); };
    pressed(true);
    voices.speak(speech);
  });
  // Some browsers know their voices only after a while.
  if (voices.addEventListener) voices.addEventListener("voiceschanged", offer);
  offer();
})();
