// A presenter of an operator's own VRM model: lips, blinking, breath, gaze. Loaded only for one.
import { Mouth } from "./stage-mouth.js";
import * as lib from "./vendor/three-vrm.min.js";

const BLINK = 0.17; // seconds
const QUICK = 0.05; // seconds in which two thirds of the way to a shape are gone
const USUAL = 0.09; // RMS of speech of usual loudness
const SEEN = 0.72; // metres of the model that are seen, from above the head down
const ABOVE = 0.22; // metres above the head bone: hair
const ARMS = 1.25; // radians by which the arms hang from the pose in which models come
const random = (from, to) => from + Math.random() * (to - from);

// Nine shapes of the mouth as weights of the five that every VRM model has.
const WEIGHTS = {
  X: {}, A: {}, B: { ih: 0.75 }, C: { ee: 0.7, oh: 0.15 }, D: { aa: 0.9 }, E: { oh: 0.9 },
  F: { ou: 0.9 }, G: { ih: 0.3 }, H: { aa: 0.25, ih: 0.3 },
};
const VOWELS = ["aa", "ih", "ou", "ee", "oh"];

// The model on a canvas in `root`. Throws where there is no WebGL or the file is no model.
export async function modelHost(root, address) {
  const canvas = document.createElement("canvas");
  const renderer = new lib.WebGLRenderer({ canvas, alpha: true, antialias: true });
  try {
    return new ModelHost(root, renderer, await load(address));
  } catch (error) {
    renderer.dispose();
    renderer.forceContextLoss();
    throw error;
  }
}

async function load(address) {
  const loader = new lib.GLTFLoader();
  loader.register((parser) => new lib.VRMLoaderPlugin(parser));
  const { vrm } = (await loader.loadAsync(address)).userData;
  if (!vrm?.humanoid || !vrm.expressionManager) throw new Error("not a VRM model");
  lib.VRMUtils.rotateVRM0(vrm);
  vrm.scene.traverse((one) => { one.frustumCulled = false; });
  return vrm;
}

class ModelHost {
  constructor(root, renderer, vrm) {
    Object.assign(this, { root, renderer, vrm, mouth: new Mouth(), mood: "idle", last: 0, blinkAt: 2, glanceUntil: 0 });
    this.weights = Object.fromEntries(VOWELS.map((name) => [name, 0]));
    this.scene = new lib.Scene();
    this.camera = new lib.PerspectiveCamera(20, 1, 0.1, 20);
    this.target = new lib.Object3D();
    this.light();
    this.scene.add(vrm.scene, this.target);
    this.bones = Object.fromEntries(["head", "neck", "chest", "spine", "leftUpperArm", "rightUpperArm"]
      .map((name) => [name, vrm.humanoid.getNormalizedBoneNode(name)]));
    this.pose();
    this.stand();
    this.fit();
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(root);
    root.append(renderer.domElement);
  }

  light() {
    const key = new lib.DirectionalLight("#fff4ea", 2.2);
    key.position.set(-0.6, 1.6, 2);
    this.scene.add(key, new lib.AmbientLight("#dfe8ff", 1.1));
  }

  // Arms down; models of the older format face the other way.
  pose() {
    const side = this.vrm.meta?.metaVersion === "0" ? 1 : -1;
    if (this.bones.leftUpperArm) this.bones.leftUpperArm.rotation.z = side * ARMS;
    if (this.bones.rightUpperArm) this.bones.rightUpperArm.rotation.z = -side * ARMS;
    this.vrm.update(0);
    this.vrm.scene.updateMatrixWorld(true);
  }

  // Head and shoulders fill the picture.
  stand() {
    const head = new lib.Vector3();
    (this.vrm.humanoid.getRawBoneNode("head") ?? this.vrm.scene).getWorldPosition(head);
    this.head = head;
    const middle = head.y + ABOVE - SEEN / 2;
    const far = SEEN / 2 / Math.tan((this.camera.fov * Math.PI) / 360);
    this.camera.position.set(head.x, middle, head.z + far);
    this.camera.lookAt(head.x, middle, head.z);
    if (this.vrm.lookAt) this.vrm.lookAt.target = this.target;
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 1.5));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  // At what has come, in that direction: pixels of the page.
  glance(x, y) {
    const length = Math.hypot(x, y) || 1;
    this.aside = [x / length, -y / length];
    this.glanceUntil = this.last + random(0.9, 1.3);
  }

  frame(now, here, level) {
    const passed = Math.min(0.1, Math.max(0, now - this.last));
    this.last = now;
    this.mouth.move(now, here, level);
    this.root.dataset.mouth = this.mouth.shape;
    this.talk(passed, level);
    this.blink(now);
    this.hold(now, level ?? 0);
    this.vrm.update(passed);
    this.renderer.render(this.scene, this.camera);
  }

  talk(passed, level) {
    const aim = WEIGHTS[this.mouth.shape];
    const loud = level === null ? 1 : 0.55 + 0.45 * Math.min(1, level / USUAL);
    const part = 1 - Math.exp(-passed / QUICK);
    for (const name of VOWELS) {
      this.weights[name] += ((aim[name] ?? 0) * loud - this.weights[name]) * part;
      this.vrm.expressionManager.setValue(name, this.weights[name]);
    }
  }

  blink(now) {
    if (now > this.blinkAt + BLINK) this.blinkAt = now + random(2.2, 5.5);
    const part = (now - this.blinkAt) / BLINK;
    this.vrm.expressionManager.setValue("blink", part > 0 && part < 1 ? Math.sin(part * Math.PI) : 0);
  }

  hold(now, level) {
    const { head, neck, chest, spine } = this.bones;
    const [x, y] = now < this.glanceUntil ? this.aside : [0, 0];
    this.target.position.set(this.camera.position.x + x * 1.2, this.head.y + y * 0.6, this.camera.position.z);
    const breath = Math.sin(now * 1.5);
    const sway = Math.sin(now * 0.83) * 0.8 + Math.sin(now * 2.1) * 0.35;
    if (spine) spine.rotation.x = breath * 0.008;
    if (chest) chest.rotation.x = breath * -0.012;
    if (neck) neck.rotation.z = sway * 0.012;
    if (head) {
      head.rotation.y += ((x * 0.16 + sway * 0.015) - head.rotation.y) * 0.06;
      head.rotation.x = Math.min(0.05, level * 0.25) + (this.mood === "think" ? -0.04 : 0);
    }
  }

  // Take it off the page.
  stop() {
    this.sizes.disconnect();
    this.renderer.domElement.remove();
    lib.VRMUtils.deepDispose(this.vrm.scene);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}
